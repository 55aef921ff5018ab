import assert from "node:assert/strict";
import { test } from "node:test";

import { clocksOf, stepsOf } from "./clocks.js";

const at = (second) => new Date(Date.parse("2026-01-01T10:00:00+00:00") + second * 1000).toISOString();
const incident = { id: "i1", state: "assigned", opened_at: at(50) };
const calls = [{ ring_at: at(30), answered_at: at(33) }, { ring_at: at(0), answered_at: at(6) }];
const clocks = (missions, handovers = [], doors = {}) => Object.fromEntries(clocksOf({ incident, calls, missions, handovers, doors }).map((one) => [one.code, one]));

test("the first call starts the clocks, the first unit stops them", () => {
  const found = clocks([{ times: { assigned: at(90), en_route: at(200) } }, { times: { assigned: at(80), en_route: at(150) } }]);

  assert.deepEqual([found.answer.from, found.answer.until], [at(0), at(6)]);
  assert.deepEqual([found.assign.from, found.assign.until], [at(6), at(80)]);
  assert.deepEqual([found.en_route.from, found.en_route.until], [at(80), at(150)]);
  assert.equal(found.on_scene.until, null);
});

test("a clock that has not begun has no start", () => {
  const found = clocks([]);

  assert.equal(found.assign.until, null);
  assert.equal(found.en_route.from, null);
  assert.equal(found.confirm.from, null);
});

test("the offload target is the hospital's own", () => {
  const missions = [{ times: { assigned: at(80), at_destination: at(900) } }];

  assert.equal(clocks(missions, [{ id: "h1", times: {} }], { h1: { offload_target_s: 1200 } }).offload.target_s, 1200);
  assert.equal(clocks(missions).offload.target_s, null);
});

test("a skipped en route does not leave its clock running for ever", () => {
  assert.equal(clocks([{ times: { assigned: at(80), on_scene: at(400) } }]).en_route.until, at(400));
});

test("steps are in the order of time and say how long each took", () => {
  const steps = stepsOf({ times: { assigned: at(0), en_route: at(90), cancelled: at(100), on_scene: null } }, ["assigned", "en_route", "on_scene"]);

  assert.deepEqual(steps.map(({ state, after_s }) => [state, after_s]), [["assigned", null], ["en_route", 90], ["cancelled", 10]]);
});
