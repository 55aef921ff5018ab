import assert from "node:assert/strict";
import { test } from "node:test";

import { asksFor, defaultConsent, mayKeepSound, warningOf } from "./camera_rules.js";

test("a patient is asked where the camera sees one", () => {
  assert.deepEqual(["cabin", "road", "body", "ultrasound"].map(asksFor), [true, false, true, false]);
  assert.equal(defaultConsent("road"), "not_needed");
  assert.equal(defaultConsent("cabin"), "not_asked");
});

test("a voice is kept only of a patient who agreed, and only in a record", () => {
  const kept = (recording, consent) => mayKeepSound({ recording, consent });
  assert.equal(kept("own", "given"), true);
  assert.deepEqual(["refused", "not_asked", "not_needed"].map((consent) => kept("own", consent)), [false, false, false]);
  assert.equal(kept("off", "given"), false);
});

test("the crew is told of every step below the whole picture, while there is a link", () => {
  assert.equal(warningOf({ link: "live", step: "hd" }), null);
  assert.equal(warningOf({ link: "live", step: "still" }), "still");
  assert.equal(warningOf({ link: "lost", step: "sd" }), null);
});
