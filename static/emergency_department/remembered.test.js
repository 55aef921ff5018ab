import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "./remembered.js";

const disk = (more = {}) => {
  const kept = {};
  return { getItem: (name) => kept[name] ?? null, setItem: (name, text) => (kept[name] = text), ...more };
};

test("what was heard is known after a reload", () => {
  const storage = disk();
  remembered("heard", storage).add(["a", "b"]);
  assert.equal(remembered("heard", storage).has("b"), true);
  assert.equal(remembered("spoken", storage).has("b"), false);
});

test("the oldest are forgotten, and a full disk is no fault", () => {
  const storage = disk({ setItem: () => { throw new Error("full"); } });
  const heard = remembered("heard", storage);
  heard.add(Array.from({ length: 400 }, (_, number) => String(number)));
  assert.deepEqual([heard.has("0"), heard.has("399")], [false, true]);
});
