import assert from "node:assert/strict";
import { test } from "node:test";

import { clustered, currentOf, curve, following, isLate, neighbour, ticks, timeAt, valueAt, xOf, zoomed } from "./timeline_rules.js";

const HOUR = 3_600_000;
const whole = { from_ms: 0, to_ms: 2 * HOUR };
const view = { ...whole, width: 1000 };

test("a place is a time and back", () => {
  assert.equal(xOf(HOUR, view), 500);
  assert.equal(timeAt(250, view), HOUR / 2);
});

test("closer keeps the moment under the hand, and never shows more than there is", () => {
  const near = zoomed(view, 0.5, 250, whole);
  assert.equal(timeAt(250, near), HOUR / 2);
  assert.equal(near.to_ms - near.from_ms, HOUR);
  assert.deepEqual(zoomed(near, 10, 0, whole), { ...whole, width: 1000 });
  assert.equal(zoomed(view, 1e-9, 500, whole).to_ms - zoomed(view, 1e-9, 500, whole).from_ms, 10_000);
});

test("the view turns like a page when the moment runs out of it", () => {
  const near = { from_ms: 0, to_ms: 60_000, width: 1000 };
  assert.equal(following(near, 30_000, whole), near);
  assert.equal(following(near, 61_000, whole).from_ms, 55_000);
});

test("times along the line have room", () => {
  const { step, times } = ticks(view, 90);
  assert.equal(step, 900_000);
  assert.equal(times.length, 9);
});

test("marks that would lie over each other are one mark with all of them", () => {
  const moments = [0, 1000, 2000, HOUR].map((at_ms, id) => ({ id, at_ms }));
  assert.deepEqual(clustered(moments, view).map(({ moments: of }) => of.length), [3, 1]);
  assert.equal(clustered(moments, { from_ms: 0, to_ms: 4000, width: 1000 }).length, 3);
});

test("a pause in the measuring parts the curve", () => {
  const runs = curve({ at: [0, 1000, 2000, 60_000, 61_000], value: [80, 81, 82, 90, 500] }, { from_ms: 0, to_ms: 100_000, width: 1000 }, { low: 40, high: 140, height: 100, gap_ms: 5000 });
  assert.deepEqual(runs.map((run) => run.length), [3, 2]);
  assert.equal(runs[1][1][1], 0);
});

test("an old value is no value", () => {
  const numbers = { at: [1000, 5000], value: [88, 92] };
  assert.equal(valueAt(numbers, 4999, 15_000).value, 88);
  assert.equal(valueAt(numbers, 20_001, 15_000), null);
  assert.equal(valueAt(numbers, 500, 15_000), null);
});

test("now is the last that happened, and keys go on from it", () => {
  const moments = [{ id: "a", at_ms: 1000 }, { id: "b", at_ms: 9000 }];
  assert.equal(currentOf(moments, 8999), "a");
  assert.equal(currentOf(moments, 0), null);
  assert.equal(neighbour(moments, 1000, 1).id, "b");
  assert.equal(neighbour(moments, 9100, -1).id, "a");
  assert.equal(neighbour(moments, 9000, 1), null);
});

test("what came more than a minute later is late", () => {
  assert.equal(isLate({ at_ms: 0, recorded_ms: 60_001 }), true);
  assert.equal(isLate({ at_ms: 0, recorded_ms: 3000 }), false);
  assert.equal(isLate({ at_ms: 0, recorded_ms: null }), false);
});
