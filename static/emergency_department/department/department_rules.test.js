import assert from "node:assert/strict";
import { test } from "node:test";
import { againstCapacity, atDoor, byIncident, countsByColour, onTheWay, openHere, withoutBay, wordIsOld } from "./department_rules.js";

const row = (id, state, more = {}) => ({ id, state, hospital_id: "h", incident: { id: "i1", number: "1" }, times: { confirmed: "t" }, ...more });
const ids = (rows) => rows.map((one) => one.id);

test("who is here is told apart from who comes, and nobody else is counted", () => {
  const rows = openHere([row("a", "arrived"), row("b", "sent"), row("c", "handed_over"), row("d", "sent", { hospital_id: "x" })], "h");
  assert.deepEqual([ids(atDoor(rows)), ids(onTheWay(rows))], [["a"], ["b"]]);
});

test("patients are counted by colour against the declared capacity", () => {
  const counts = countsByColour([row("a", "sent"), row("b", "sent"), row("c", "sent")], { a: { colour: "red" }, b: { colour: "red" } });
  assert.deepEqual(counts, { red: 2, yellow: 0, green: 1 });
  assert.deepEqual(againstCapacity({ red: 1, yellow: 2, green: 3 }, counts).map((one) => one.left), [-1, 2, 2]);
});

test("patients of one incident stand together, the largest first", () => {
  const groups = byIncident([row("a", "sent", { incident: { id: "i2", number: "2" } }), row("b", "sent"), row("c", "sent")]);
  assert.deepEqual(groups.map((one) => [one.incident.number, ids(one.rows)]), [["1", ["b", "c"]], ["2", ["a"]]]);
});

test("only a confirmed patient without a bay asks for one", () => {
  assert.deepEqual(ids(withoutBay([row("a", "ready"), row("b", "confirmed"), row("c", "sent", { times: {} })], [{ handover_id: "a" }])), ["b"]);
});

test("a word that was never said is old", () => {
  assert.deepEqual([wordIsOld(null), wordIsOld(7199), wordIsOld(7201)], [true, false, true]);
});
