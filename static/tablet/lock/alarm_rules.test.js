import assert from "node:assert/strict";
import { test } from "node:test";
import { loudest } from "./alarm_rules.js";

const alarm = (priority, state) => ({ priority, state });

test("the highest alarm that nobody has seen sounds; what was seen or is low only shows", () => {
  assert.equal(loudest([alarm("medium", "raised"), alarm("high", "escalated")]), "high");
  assert.equal(loudest([alarm("high", "acknowledged"), alarm("medium", "raised")]), "medium");
  assert.equal(loudest([alarm("low", "raised"), alarm("high", "ended")]), null);
  assert.equal(loudest([]), null);
});
