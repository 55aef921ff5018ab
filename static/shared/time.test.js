import assert from "node:assert/strict";
import { test } from "node:test";

import { ageText, clock, dayAndClock, duration, etaLeft, level, now_ms, secondsSince, setServerNow } from "./time.js";

globalThis.gettext = (text) => text;
globalThis.interpolate = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

const AT = Date.parse("2026-01-01T10:00:00+00:00");

test("ages are short and grow coarser", () => {
  assert.deepEqual([null, 0, 59, 60, 3599, 3720, 200000].map(ageText), ["–", "0 s", "59 s", "1 min", "59 min", "1 h 02", "2 d"]);
});

test("a running clock keeps its sign when it is overdue", () => {
  assert.deepEqual([7, 754, 3723, -80, 0, null].map(duration), ["0:07", "12:34", "1:02:03", "−1:20", "0:00", "–"]);
});

test("an age is never negative, and an unknown time has none", () => {
  assert.equal(secondsSince("2026-01-01T10:00:09+00:00", AT), 0);
  assert.equal(secondsSince("2026-01-01T09:59:30+00:00", AT), 30);
  assert.equal(secondsSince(null, AT), null);
});

test("an estimate counts down from the moment it was made", () => {
  assert.equal(etaLeft(240, "2026-01-01T09:59:00+00:00", AT), 180);
  assert.equal(etaLeft(30, "2026-01-01T09:59:00+00:00", AT), -30);
  assert.equal(etaLeft(null, "2026-01-01T09:59:00+00:00", AT), null);
});

test("the wall clock is the centre's, whatever the desk says", () => {
  assert.equal(clock(AT, { timeZone: "Asia/Shanghai" }), "18:00:00");
  assert.equal(clock(AT, { timeZone: "UTC", seconds: false }), "10:00");
  assert.equal(clock("nonsense", { timeZone: "UTC" }), "–");
});

test("a time on another day says which day", () => {
  const at = { at_ms: AT, timeZone: "UTC", language: "en" };

  assert.equal(dayAndClock(AT + 3_600_000, at), "11:00");
  assert.equal(dayAndClock(AT + 86_400_000, at), "Jan 2 10:00");
  assert.equal(dayAndClock(AT + 86_400_000, { ...at, language: "zh-hans" }), "1月2日 10:00");
  assert.equal(dayAndClock("nonsense", at), "–");
});

test("levels follow the two limits", () => {
  assert.deepEqual([null, 5, 30, 200].map((age) => level(age, 30, 120)), ["none", "ok", "warn", "late"]);
  assert.equal(level(5, Number.NaN, Number.NaN), "ok");
});

test("the server's clock rules over the desk's", () => {
  setServerNow("2026-01-01T10:00:00+00:00", Date.now());

  assert.ok(Math.abs(now_ms() - AT) < 1000);
});
