import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyBoard } from "../../shared/reduce.js";
import { consultNow, isWaiting, ordersToDo, ownCall, threadNow } from "./consult_rules.js";

const mission = { id: "m" };
const consult = { id: "c", mission_id: "m", state: "talking", opened_at: "2026-11-22T06:00:00Z", requests: [], parties: [{ id: "p", state: "connected", user: { id: "wang" } }] };
const order = { id: "o", consult_id: "c", mission_id: "m", state: "ordered", words: [], ordered_at: "2026-11-22T06:01:00Z", kind: "text", content: { text: "x" } };
const stateWith = (more = {}, jobs = []) => ({ jobs, board: { ...emptyBoard, collections: { consults: { c: { ...consult, ...more } }, orders: { o: order }, messages: {} } } });

test("only the tablet of who called carries the call", () => {
  assert.equal(ownCall(stateWith(), mission, { id: "wang" }).id, "c");
  assert.equal(ownCall(stateWith(), mission, { id: "zhou" }), null);
  assert.equal(ownCall(stateWith({ state: "ended" }), mission, { id: "wang" }), null);
});

test("an order asks until it was answered here, also after the consult has ended", () => {
  const given = { kind: "order_word", orderId: "o", missionId: "m", body: { id: "w", step: "give" } };

  assert.equal(ordersToDo(stateWith({ state: "ended" }), mission).length, 1);
  assert.equal(ordersToDo(stateWith({}, [given]), mission).length, 0);
  assert.equal(threadNow(stateWith({}, [given]), mission, { id: "wang" })[0].state, "recorded");
});

test("a call that nobody has answered waits", () => {
  assert.equal(isWaiting(consultNow(stateWith({ state: "ringing" }), mission)), true);
  assert.equal(isWaiting(consultNow(stateWith(), mission)), false);
  assert.equal(isWaiting(null), false);
});
