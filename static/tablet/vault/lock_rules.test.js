import assert from "node:assert/strict";
import { test } from "node:test";
import { IDLE_MS, MOST_TRIES, pinFault, triesLeft, wayIn } from "./lock_rules.js";

const keys = { session: "s1", locked: false, byPin: {} };

test("without a network only a PIN opens", () => {
  assert.equal(wayIn({ keys, session: null, idle_ms: 0 }), "pin");
  assert.equal(wayIn({ keys: { ...keys, byPin: null }, session: null, idle_ms: 0 }), "nothing");
  assert.equal(wayIn({ keys: undefined, session: null, idle_ms: 0 }), "nothing");
});

test("a signed-in session opens, a locked or forgotten tablet asks the person", () => {
  assert.equal(wayIn({ keys, session: "s1", idle_ms: 0 }), "session");
  assert.equal(wayIn({ keys: { ...keys, locked: true }, session: "s1", idle_ms: 0 }), "person");
  assert.equal(wayIn({ keys, session: "s1", idle_ms: IDLE_MS + 1 }), "person");
  assert.equal(wayIn({ keys: { ...keys, byPin: null }, session: "s1", idle_ms: IDLE_MS + 1 }), "session");
});

test("who has just signed in with the password is not asked again", () => {
  assert.equal(wayIn({ keys: { ...keys, locked: true }, session: "s2", idle_ms: IDLE_MS + 1 }), "session");
  assert.equal(wayIn({ keys: undefined, session: "s1", idle_ms: 0 }), "session");
});

test("a PIN has six digits at least and is no staircase", () => {
  assert.deepEqual(["12345", "1234567890123", "12a456", "111111", "123456", "987654", "482913"].map(pinFault), ["length", "length", "length", "simple", "simple", "simple", null]);
});

test("tries run out", () => {
  assert.equal(triesLeft(undefined), MOST_TRIES);
  assert.equal(triesLeft({ tries: MOST_TRIES }), 0);
});
