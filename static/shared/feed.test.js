import assert from "node:assert/strict";
import { test } from "node:test";

import { backOff } from "./feed.js";

test("waiting grows, is bounded and is never the same for all desks", () => {
  assert.equal(backOff(0, 0), 250);
  assert.equal(backOff(0, 1), 500);
  assert.equal(backOff(3, 1), 4000);
  assert.equal(backOff(30, 1), 10000);
  assert.notEqual(backOff(5, 0.1), backOff(5, 0.9));
});
