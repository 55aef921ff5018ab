import assert from "node:assert/strict";
import { test } from "node:test";

import { handleKey } from "./keys.js";

const inField = { matches: () => true, closest: () => null };
const inIntake = { matches: () => true, closest: (selector) => (selector === ".intake" ? {} : null) };
const elsewhere = { matches: () => false, closest: () => null };

/** What the key did: [taken, name of the command, argument]. */
function press(key, { code = "", target = elsewhere, state = {}, ...more } = {}) {
  const done = [];
  const act = new Proxy({}, { get: (_, name) => (...args) => void done.push([name, ...args]) });
  const taken = handleKey({ key, code, target, ...more }, { panel: null, ask: null, help: false, ...state }, act);
  return [taken, ...(done[0] ?? [])];
}

test("N takes a call, but not while typing", () => {
  assert.deepEqual(press("n", { code: "KeyN" }), [true, "newCall"]);
  assert.deepEqual(press("n", { code: "KeyN", target: inField }), [false]);
});

test("a digit assigns that rank, or answers the question in view", () => {
  assert.deepEqual(press("1", { code: "Digit1", state: { panel: "incident" } }), [true, "assignRank", 1]);
  assert.deepEqual(press("3", { code: "Numpad3", state: { panel: "incident", ask: { kind: "override" } } }), [true, "pickOption", 3]);
  assert.deepEqual(press("3", { code: "Digit3" }), [false]);
});

test("Ctrl+Enter saves from inside any field, and only in the intake", () => {
  assert.deepEqual(press("Enter", { ctrlKey: true, target: inIntake, state: { panel: "intake" } }), [true, "save"]);
  assert.deepEqual(press("Enter", { ctrlKey: true }), [false]);
});

test("Enter in the form goes to the next field", () => {
  assert.deepEqual(press("Enter", { target: inIntake, state: { panel: "intake" } }), [true, "step", 1]);
});

test("a key of an input method is left alone", () => {
  assert.deepEqual(press("Enter", { target: inIntake, isComposing: true, state: { panel: "intake" } }), [false]);
});

test("letters do nothing under the sheet of keys, the sheet closes", () => {
  assert.deepEqual(press("n", { code: "KeyN", state: { help: true } }), [false]);
  assert.deepEqual(press("?", { code: "Slash", state: { help: true } }), [true, "toggleHelp"]);
  assert.deepEqual(press("Escape", { state: { help: true } }), [true, "back"]);
});

test("Alt+A attaches the call in the intake", () => {
  assert.deepEqual(press("a", { code: "KeyA", altKey: true, target: inIntake, state: { panel: "intake" } }), [true, "attachNearest"]);
});
