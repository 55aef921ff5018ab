import assert from "node:assert/strict";
import { test } from "node:test";

import { asksFor, defaultConsent, warningOf } from "./camera_rules.js";

test("a patient is asked where the camera sees one", () => {
  assert.deepEqual(["cabin", "road", "body", "ultrasound"].map(asksFor), [true, false, true, false]);
  assert.equal(defaultConsent("road"), "not_needed");
  assert.equal(defaultConsent("cabin"), "not_asked");
});

test("the crew is told of every step below the whole picture, while there is a link", () => {
  assert.equal(warningOf({ link: "live", step: "hd" }), null);
  assert.equal(warningOf({ link: "live", step: "still" }), "still");
  assert.equal(warningOf({ link: "lost", step: "sd" }), null);
});
