import assert from "node:assert/strict";
import { test } from "node:test";

import { messagesWithWaiting, openOrders, readBackOf, threadOf, withWords } from "./thread_rules.js";

const order = { id: "o", consult_id: "c", ordered_at: "2026-11-22T06:00:00Z", state: "ordered", words: [], kind: "drug", content: { drug: "aspirin", dose: "300", unit: "mg", route: "oral", note: "chew" } };
const job = (step) => ({ kind: "order_word", orderId: "o", body: { id: step, step } });

test("words and orders stand in one line of time", () => {
  const thread = threadOf([{ id: "m", consult_id: "c", occurred_at: "2026-11-22T05:59:00Z" }, { id: "n", consult_id: "other" }], [order], "c");

  assert.deepEqual(thread.map((one) => one.id), ["m", "o"]);
});

test("what the crew said offline shows at once, and once", () => {
  assert.equal(withWords(order, [job("read_back")]).state, "read_back");
  assert.equal(withWords(order, [job("read_back"), job("give")]).state, "recorded");
  assert.equal(withWords({ ...order, state: "read_back", words: [{ id: "read_back" }] }, [job("read_back")]).waiting, undefined);
  assert.equal(withWords(order, [{ ...job("give"), refused: "no" }]).state, "ordered");
});

test("a message that waits stands in the thread until the server has it", () => {
  const waits = { kind: "consult_message", consultId: "c", body: { id: "m", text: "ok", occurred_at: "2026-11-22T06:00:00Z" } };

  assert.equal(messagesWithWaiting([], [waits], "c", { id: "u" })[0].waiting, true);
  assert.equal(messagesWithWaiting([{ id: "m" }], [waits], "c", { id: "u" }).length, 1);
});

test("an order asks until it was answered, and is read back as it is shown", () => {
  assert.deepEqual(openOrders([{ ...order, state: "recorded" }, order]).map((one) => one.state), ["ordered"]);
  assert.deepEqual(readBackOf(order), { drug: "aspirin", dose: "300", unit: "mg", route: "oral" });
});
