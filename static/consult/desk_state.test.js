import assert from "node:assert/strict";
import { test } from "node:test";

import { caseOf, initialState, ownConsult, queue, reduce, ringing, unheard } from "./desk_state.js";

const me = { id: "sun", hospitalId: null };
const party = (id, state, user) => ({ id, state, user: user && { id: user }, hospital: null, side: "physician" });
const consult = (id, parties, values = {}) => ({ id, parties, requests: [{ specialty: "any", asked_at: "2026-11-22T06:00:00Z" }], state: "ringing", priority: 1, opened_at: "2026-11-22T06:00:00Z", mission_id: "m", incident_id: "i", ...values });
const stateWith = (...consults) => reduce(initialState, { t: "snapshot", cursor: 1, state: { consults: Object.fromEntries(consults.map((one) => [one.id, one])), missions: { m: { id: "m", unit_id: "u" } }, units: { u: { id: "u" } } } });

test("a call rings here, waits in the queue, or is one's own: never two of them", () => {
  const state = stateWith(consult("rings", [party("p1", "ringing", "sun")]), consult("waits", [party("p2", "ringing", "qian")]), consult("mine", [party("p3", "connected", "sun")], { requests: [], state: "talking" }));

  assert.deepEqual(ringing(state, me).map((one) => one.id), ["rings"]);
  assert.deepEqual(queue(state, me).map((one) => one.id), ["waits"]);
  assert.equal(ownConsult(state, me).id, "mine");
});

test("a ringing call sounds once at a desk", () => {
  const state = stateWith(consult("rings", [party("p1", "ringing", "sun")]));

  assert.deepEqual(unheard(state, me), ["p1"]);
  assert.deepEqual(unheard(reduce(state, { t: "heard", ids: ["p1"] }), me), []);
});

test("the case joins mission, unit and record of the consult", () => {
  const one = consult("mine", [party("p3", "connected", "sun")]);

  assert.equal(caseOf(stateWith(one), one).unit.id, "u");
  assert.deepEqual(caseOf(stateWith(one), one).places, []);
});
