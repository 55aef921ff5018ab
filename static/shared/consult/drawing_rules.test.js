import assert from "node:assert/strict";
import { test } from "node:test";

import { wasLost, byWorth, drawn, emptyDrawing, lastOf, letterbox, onPicture, onScreen, strokesOn, tidied, visibility } from "./drawing_rules.js";

const frame = { stream: "s", seq: 41 };
const stroke = (values) => ({ t: "stroke", id: "a", ...frame, tool: "pen", color: "red", w: 0.006, pts: [[0.1, 0.1]], ttl: null, ...values });
const after = (...messages) => messages.reduce((state, message) => drawn(state, message, 1000), emptyDrawing);

test("a pen's pieces add up, an arrow keeps its two ends", () => {
  const pen = after(stroke(), stroke({ pts: [[0.2, 0.2]] }));
  const arrow = after(stroke({ tool: "arrow" }), stroke({ tool: "arrow", pts: [[0.3, 0.3]] }), stroke({ tool: "arrow", pts: [[0.5, 0.5]] }));

  assert.deepEqual(pen.strokes.a.pts, [[0.1, 0.1], [0.2, 0.2]]);
  assert.deepEqual(arrow.strokes.a.pts, [[0.1, 0.1], [0.5, 0.5]]);
});

test("the proof counts for the frozen picture and no other", () => {
  const frozen = after({ t: "freeze", ...frame });

  assert.equal(drawn(frozen, { t: "seen", stream: "s", seq: 40 }, 0).seen, null);
  assert.equal(drawn(frozen, { t: "seen", ...frame, author: "wang" }, 5).seen.by, "wang");
  assert.equal(drawn(drawn(frozen, { t: "seen", ...frame }, 5), { t: "freeze", stream: "s", seq: 50 }, 6).seen, null);
});

test("a mark on the moving picture fades, one on a frozen picture stays", () => {
  const live = after(stroke({ ttl: 5 })).strokes.a;

  assert.deepEqual([1000, 5500, 6000].map((now) => visibility(live, now)), [1, 0.5, 0]);
  assert.equal(visibility(after(stroke()).strokes.a, 1e9), 1);
  assert.deepEqual(tidied(after(stroke({ ttl: 5 })), 6000).strokes, {});
  const kept = after(stroke());
  assert.equal(tidied(kept, 1e9), kept);
});

test("undo and clear take away, freezing begins anew", () => {
  assert.deepEqual(after(stroke(), stroke({ id: "b" }), { t: "undo", id: "b" }).strokes.b, undefined);
  assert.deepEqual(after(stroke(), { t: "clear" }).strokes, {});
  assert.deepEqual(after(stroke(), { t: "freeze", ...frame }).strokes, {});
  assert.equal(lastOf(after(stroke({ author: "x" }), stroke({ id: "b", author: "y" })), "x").id, "a");
});

test("on a frozen picture only its own marks are shown", () => {
  const state = after({ t: "freeze", ...frame }, stroke(), stroke({ id: "late", seq: 40 }));

  assert.deepEqual(strokesOn(state, frame).map((one) => one.id), ["a"]);
  assert.equal(strokesOn(state, null).length, 2);
});

test("a point is the same spot of the picture in every letterbox", () => {
  const wide = letterbox({ width: 1000, height: 400 }, { width: 640, height: 480 });
  const tall = letterbox({ width: 300, height: 900 }, { width: 640, height: 480 });

  const spot = onPicture({ x: wide.x + wide.width / 4, y: wide.y + wide.height / 2 }, wide);

  assert.deepEqual(spot, [0.25, 0.5]);
  assert.deepEqual(onScreen(spot, tall), { x: tall.width / 4, y: tall.y + tall.height / 2 });
  assert.equal(onPicture({ x: 1, y: 1 }, wide), null);
  assert.deepEqual(onPicture(onScreen([1, 1], tall), tall), [1, 1]);
});

test("a physician is shown the patient before the road, and a device of tomorrow last", () => {
  const roles = ["road", "tomorrow", "consult", "cabin", "body"].map((role) => ({ role, started_at: "2026-11-22T06:00:00Z" }));
  const later = { role: "cabin", started_at: "2026-11-22T06:05:00Z" };

  assert.deepEqual(roles.sort(byWorth).map(({ role }) => role), ["body", "cabin", "road", "consult", "tomorrow"]);
  assert.equal([...roles, later].sort(byWorth)[1], later, "a tablet that died and came back");
});

test("a word on the frozen picture that went into a broken line is known to be lost, and only that", () => {
  const [here, there] = [{ stream: "s", seq: 7 }, { stream: "s", seq: 9 }];
  const frozen = { ...emptyDrawing, frozen: here };

  assert.equal(wasLost(emptyDrawing, { t: "freeze", ...here }), true);
  assert.equal(wasLost(frozen, { t: "freeze", ...here }), false);
  assert.equal(wasLost({ ...frozen, frozen: there }, { t: "freeze", ...here }), false, "somebody has frozen another since");
  assert.equal(wasLost(frozen, { t: "unfreeze", was: here }), true);
  assert.equal(wasLost(emptyDrawing, { t: "unfreeze", was: here }), false);
  assert.equal(wasLost(frozen, { t: "seen", ...here }), true);
  assert.equal(wasLost({ ...frozen, seen: here }, { t: "seen", ...here }), false);
  assert.equal(wasLost(emptyDrawing, null), false);
});
