import assert from "node:assert/strict";
import { test } from "node:test";
import { surgeOf } from "./surge_rules.js";

test("who comes counts against the capacity of their colour", () => {
  const open = (id, state) => ({ id, state, hospital_id: "h" });
  const board = { collections: {
    handovers: Object.fromEntries([open("a", "sent"), open("b", "arrived"), open("c", "handed_over"), { ...open("d", "sent"), hospital_id: "x" }].map((one) => [one.id, one])),
    doors: { a: { colour: "red" }, b: { colour: "red" } },
  } };
  const counts = surgeOf(board, { id: "h", surge: { capacity: { red: 1, yellow: 2, green: 3 } } });
  assert.deepEqual(counts.map(({ coming, left }) => [coming, left]), [[2, -1], [0, 2], [0, 3]]);
});
