import assert from "node:assert/strict";
import { test } from "node:test";
import { offloadOf, paceOf } from "./offload_rules.js";

const at = (minutes) => new Date(Date.UTC(2026, 0, 1, 8, minutes)).toISOString();

test("the pace is judged as the server judges it", () => {
  assert.deepEqual([0, 900, 901, 1800, 1801].map((one) => paceOf(one)), ["in_time", "in_time", "over_target", "over_target", "late"]);
});

test("the clock runs from arrival, stops at the transfer, and is none before", () => {
  const door = { offload_target_s: 600 };
  assert.equal(offloadOf({ times: {} }, door, 0), null);
  assert.deepEqual(offloadOf({ times: { arrived: at(0) } }, door, Date.parse(at(11))), { seconds: 660, pace: "over_target", over: false });
  assert.deepEqual(offloadOf({ times: { arrived: at(0), handed_over: at(9) } }, door, Date.parse(at(50))), { seconds: 540, pace: "in_time", over: true });
});
