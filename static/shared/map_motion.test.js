import assert from "node:assert/strict";
import { test } from "node:test";

import { createMotion, framePace_ms, sharpness } from "./map_motion.js";

const unit = (lon, second) => ({ id: "A1", fix: { lon, lat: 30, fix_at: `2026-01-01T00:00:${String(second).padStart(2, "0")}Z` } });

test("a near view is drawn often, a far one once a second", () => {
  assert.equal(framePace_ms(16, 10), 100);
  assert.equal(framePace_ms(14, 10), 250);
  assert.equal(framePace_ms(11, 10), 1000);
});

test("a slow desk spends a quarter of its time on the map at most", () => {
  for (const lag of [300, 600, 1200]) assert.ok(framePace_ms(16, lag) >= lag * 4);
});

test("a slow desk draws coarser, and finer again only when there is room for four times the work", () => {
  assert.equal(sharpness(1, 300), 0.5);
  assert.equal(sharpness(0.5, 100), 0.5);
  assert.equal(sharpness(0.5, 30), 1);
  assert.equal(sharpness(1, 100), 1);
});

test("a unit glides from fix to fix and stands at the last", () => {
  const motion = createMotion();
  motion.take(unit(120, 0), 0);
  motion.take(unit(120.001, 1), 1000);
  assert.ok(Math.abs(motion.at("A1", 1500)[0] - 120.0005) < 1e-9);
  assert.ok(motion.moving(1500));
  assert.deepEqual(motion.at("A1", 3000), [120.001, 30]);
  assert.ok(!motion.moving(3000));
});

test("a long step is a jump and is not animated", () => {
  const motion = createMotion();
  motion.take(unit(120, 0), 0);
  motion.take(unit(120.1, 1), 1000);
  assert.deepEqual(motion.at("A1", 1001), [120.1, 30]);
});
