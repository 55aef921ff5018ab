import assert from "node:assert/strict";
import { test } from "node:test";

import { IN_FLIGHT_BYTES, inOrder, isFull, leastImportant, mayUpload, missingOf } from "./upload_rules.js";

test("the record waits while the live picture is late, and keeps little on its way", () => {
  const next = 16 * 1024;
  assert.equal(mayUpload({ lag_ms: 20, inFlight: 0, next }), true);
  assert.equal(mayUpload({ lag_ms: 20, inFlight: next, next }), true);
  assert.equal(mayUpload({ lag_ms: 20, inFlight: IN_FLIGHT_BYTES, next }), false);
  assert.equal(mayUpload({ lag_ms: 60, inFlight: 0, next }), false);
});

test("only what the hub does not have is sent", () => {
  const here = [2, 3, 4, 7, 8, 9];
  assert.deepEqual(missingOf(here, { next: 8, holes: [[3, 4]] }), [3, 4, 8, 9]);
  assert.deepEqual(missingOf(here, { next: 0, holes: [] }), here);
  assert.deepEqual(missingOf(here, { next: 10, holes: [] }), []);
});

test("the road ends before the patient when the tablet is full", () => {
  const of = (role, started_ms) => ({ role, started_ms });
  assert.equal(leastImportant([of("cabin", 1), of("road", 5), of("ultrasound", 2)]).role, "road");
  assert.equal(leastImportant([of("cabin", 9), of("cabin", 3)]).started_ms, 3);
  assert.equal(leastImportant([]), null);
});

test("full is told before the browser says no", () => {
  assert.equal(isFull({ usage: 89, quota: 100 }), false);
  assert.equal(isFull({ usage: 90, quota: 100 }), true);
  assert.equal(isFull({ usage: 5, quota: 0 }), false);
});

test("what a crash left is brought before what is being recorded", () => {
  const rows = [{ started_ms: 1, end: null }, { started_ms: 9, end: {} }, { started_ms: 5, end: {} }];
  assert.deepEqual(inOrder(rows).map((row) => row.started_ms), [5, 9, 1]);
});
