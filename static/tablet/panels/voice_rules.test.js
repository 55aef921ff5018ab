import assert from "node:assert/strict";
import { test } from "node:test";

import { LONGEST_S, spoken, suited } from "./voice_rules.js";

test("a slip of the finger is no voice note", () => {
  assert.equal(spoken(0.3), false);
  assert.equal(spoken(1), true);
});

test("the first kind that the browser records is taken", () => {
  assert.equal(suited(() => true), "audio/webm;codecs=opus");
  assert.equal(suited((kind) => kind.startsWith("audio/mp4")), "audio/mp4;codecs=opus");
  assert.equal(suited(() => false), "");
});

test("the longest note fits through the door of attachments", () => {
  assert.ok((LONGEST_S * 24_000) / 8 < 8 * 1024 ** 2);
});
