import assert from "node:assert/strict";
import { test } from "node:test";

import { hubClock } from "./clock.js";

test("the quickest answer tells how far the hub's clock is", () => {
  const clock = hubClock();
  assert.equal(clock.offset_ms(), null);
  clock.hear(1000, 1400, 6000); // slow: between 4600 and 5000
  clock.hear(2000, 2020, 7010);
  clock.hear(3000, 3300, 8020);

  assert.equal(clock.offset_ms(), 5000);
});

test("an answer of long ago is forgotten", () => {
  const clock = hubClock();
  clock.hear(0, 2, 1001);
  for (let turn = 0; turn < 40; turn++) clock.hear(0, 10, 2005);

  assert.equal(clock.offset_ms(), 2000);
});
