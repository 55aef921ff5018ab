import assert from "node:assert/strict";
import test from "node:test";
import { alarmOf, asksForName, chips, initialSigns, inOrder, limitText, signalOf, toneOf, trendPath, withPoints, withSigns } from "./monitor_signs.js";

const T0 = Date.parse("2026-03-01T14:00:00+08:00");
const at = (s) => new Date(T0 + s * 1000).toISOString();
const alarm = (code, priority, values = {}) =>
  ({ id: code, code, vital: code.replace(/_(low|high)$/, ""), priority, state: "raised", raised_at: at(0), acknowledged_at: null, ended_at: null, ...values });

test("a probe that is off hides its values, and an older word does not bring them back", () => {
  let signs = withSigns(initialSigns, { t: "devices", devices: [{ sensor: "spo2", state: "probe_off", since: at(5) }] });
  signs = withSigns(signs, { t: "devices", devices: [{ sensor: "spo2", state: "on", since: at(1) }] });

  assert.equal(signalOf("spo2", signs), "probe_off");
  assert.equal(signalOf("pulse_rate", signs), "probe_off");
  assert.equal(signalOf("heart_rate", signs), null);
});

test("a poor signal hides the value that the server does not believe", () => {
  const signs = withSigns(initialSigns, { t: "assessed", limits: {}, poor: { spo2: "poor_signal" } });

  assert.equal(signalOf("spo2", signs), "poor_signal");
  assert.deepEqual(signs.scores, []);
});

test("alarms stand by priority, and what nobody has acknowledged before the rest", () => {
  const rows = [alarm("a", "low"), alarm("b", "medium", { state: "acknowledged" }), alarm("c", "medium"), alarm("d", "high")];

  assert.deepEqual(inOrder(rows).map((row) => row.id), ["d", "c", "b", "a"]);
});

test("a tile shows its most urgent alarm that has not ended", () => {
  const rows = [alarm("spo2_low", "medium"), { ...alarm("spo2_very_low", "high"), vital: "spo2", state: "ended", ended_at: at(9) }, alarm("nibp_systolic_low", "medium")];

  assert.equal(alarmOf("spo2", rows).code, "spo2_low");
  assert.equal(alarmOf("nibp", rows).code, "nibp_systolic_low");
  assert.equal(alarmOf("etco2", rows), null);
});

test("a name is asked for until there is one, also after the end", () => {
  assert.ok(asksForName(alarm("a", "high")));
  assert.ok(asksForName(alarm("a", "high", { state: "ended", ended_at: at(1) })));
  assert.ok(!asksForName(alarm("a", "high", { state: "acknowledged", acknowledged_at: at(1) })));
});

test("the early-warning score has a chip even when it lacks something, the others when they are whole", () => {
  const { shown, rest } = chips([
    { score: "shock_index", state: "complete" }, { score: "news2", state: "incomplete" }, { score: "rems", state: "incomplete" },
  ]);

  assert.deepEqual(shown.map((one) => one.score), ["news2", "shock_index"]);
  assert.deepEqual(rest.map((one) => one.score), ["rems"]);
  assert.deepEqual(["high", "low_medium", "low", ""].map(toneOf), ["bad", "warn", "plain", "plain"]);
});

test("limits are written as a range or as one side", () => {
  assert.deepEqual([[50, 130], [90, null], [null, 39], undefined].map(limitText), ["50–130", "≥ 90", "≤ 39", ""]);
});

test("a trend takes a point in ten seconds and none that is invalid", () => {
  const reading = (s, value, quality = "good") => ({ code: "spo2", value, quality, measured_at: at(s) });

  const trend = withPoints({}, [reading(0, 97), reading(5, 50), reading(10, 96), reading(20, 12, "invalid")]);

  assert.deepEqual(trend.spo2, [[T0, 97], [T0 + 10_000, 96]]);
});

test("what comes late, newest first, fills the gap of the trend", () => {
  const reading = (s) => ({ code: "spo2", value: s, quality: "good", measured_at: at(s) });
  const beforeTheCut = withPoints({}, [0, 10, 20, 30, 40].map(reading));
  const afterIt = withPoints(beforeTheCut, [reading(200)]);

  const filled = Array.from({ length: 159 }, (_, i) => reading(199 - i)).reduce((trend, one) => withPoints(trend, [one]), afterIt);

  const box = { from: T0, to: T0 + 200_000, width: 100, height: 20 };
  assert.deepEqual(filled.spo2.map(([, value]) => value), Array.from({ length: 21 }, (_, i) => i * 10));
  assert.equal(trendPath(afterIt.spo2, box).match(/M/g).length, 2);
  assert.equal(trendPath(filled.spo2, box).match(/M/g).length, 1);
  assert.equal(withPoints(filled, [reading(195)]), filled);
});

test("a pause breaks the trend, a slow measurement does not", () => {
  const box = { from: T0, to: T0 + 1_000_000, width: 100, height: 20 };
  const every = (step, ...seconds) => seconds.map((n) => [T0 + n * step * 1000, 80 + n]);

  assert.equal(trendPath(every(10, 0, 1, 2, 30, 31), box).match(/M/g).length, 2);
  assert.equal(trendPath(every(180, 0, 1, 2, 3), box).match(/M/g).length, 1);
  assert.equal(trendPath([[T0, 80]], box), "");
});
