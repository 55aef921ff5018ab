import assert from "node:assert/strict";
import { test } from "node:test";

import { hold, newClock, paced, play, seek, ticked } from "./clock.js";
import { actOf } from "./keys.js";

const fresh = newClock({ begins_ms: 1000, ends_ms: 11_000 });

test("the clock runs at its speed, and stops at the end", () => {
  const going = play({ ...fresh, speed: 4 }, 500);
  assert.equal(ticked(going, 1500).at_ms, 5000);
  assert.deepEqual([ticked(going, 9000).at_ms, ticked(going, 9000).playing], [11_000, false]);
  assert.equal(ticked(hold(going), 9000).at_ms, 1000);
});

test("playing at the end begins anew, and nobody gets outside", () => {
  assert.equal(play(seek(fresh, 99_999), 0).at_ms, 1000);
  assert.equal(seek(fresh, -5).at_ms, 1000);
});

test("faster and slower have their ends", () => {
  assert.deepEqual([1, 1, 1, 1].reduce((all, by) => [...all, paced(all.at(-1), by)], [fresh]).map(({ speed }) => speed), [1, 2, 4, 4, 4]);
  assert.equal(paced(paced(fresh, -1), -1).speed, 0.5);
});

test("keys that are not ours stay with the browser", () => {
  assert.deepEqual(actOf({ key: " " }), { act: "toggle" });
  assert.deepEqual(actOf({ key: "ArrowLeft", shiftKey: true }), { act: "move", by: -1000 });
  assert.deepEqual(actOf({ key: "l" }), { act: "pace", by: 1 });
  assert.equal(actOf({ key: "l", ctrlKey: true }), null);
  assert.equal(actOf({ key: "x" }), null);
});
