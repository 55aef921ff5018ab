import assert from "node:assert/strict";
import { test } from "node:test";
import { remember } from "./remember.js";

test("the same question gives the very same answer until an argument is another", () => {
  const counted = remember((rows, id) => ({ rows, id }));
  const rows = [1];

  const first = counted(rows, "a");

  assert.equal(counted(rows, "a"), first);
  assert.notEqual(counted([1], "a"), first);
  assert.notEqual(counted(rows, "b"), first);
});
