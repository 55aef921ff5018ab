import assert from "node:assert/strict";
import { test } from "node:test";
import { pressed } from "./keypad.js";

const typed = (keys) => [...keys].reduce(pressed, "");

test("a dose is typed as it is read", () => {
  assert.equal(typed("300"), "300");
  assert.equal(typed("0.5"), "0.5");
  assert.equal(typed(".5"), "0.5");
});

test("a second point, a leading zero and an endless number are not taken", () => {
  assert.equal(typed("1.2.3"), "1.23");
  assert.equal(typed("007"), "7");
  assert.equal(typed("123456789"), "1234567");
});

test("the last key can be taken back", () => {
  assert.equal(typed("12⌫"), "1");
  assert.equal(typed("⌫"), "");
});
