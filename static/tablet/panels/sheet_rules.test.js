import assert from "node:assert/strict";
import { test } from "node:test";
import { added, changed, fewer, sheetBody } from "./sheet_rules.js";

test("a thing that is tapped again is counted, a valuable apart from another", () => {
  const things = added(added(added([], "ring", true), "ring", true), "ring");
  assert.deepEqual(things.map((one) => [one.what, one.count, one.valuable]), [["ring", 2, true], ["ring", 1, false]]);
  assert.deepEqual(added(things, "  "), things);
});

test("the last one of a thing takes its line away", () => {
  const two = added(added([], "shoes"), "shoes");
  assert.equal(fewer(two, 0)[0].count, 1);
  assert.deepEqual(fewer(fewer(two, 0), 0), []);
});

test("a line changes alone, and the sheet is what the server takes", () => {
  const things = changed(added(added([], "phone", true), "coat"), 0, { keeper: "relative" });
  assert.deepEqual(things.map((one) => one.keeper), ["relative", "hospital"]);
  assert.deepEqual(sheetBody({ name: "handover", condition: "stable", things }), { condition: "stable", condition_note: "", things, note: "" });
});
