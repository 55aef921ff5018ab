import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf, finished, inbound, initialState, reduce, undelivered, unheard, withdrawn } from "./ed_state.js";

const handover = (id, state, more = {}) => ({
  id, state, mission_id: `m-${id}`, patient_id: `p-${id}`, unit: { id: `u-${id}` },
  times: { sent: "2026-01-01T08:00:00+00:00" }, eta_s: null, eta_computed_at: null, ...more,
});
const soon = (eta_s) => ({ eta_s, eta_computed_at: new Date().toISOString() });
const board = (handovers, more = {}) =>
  reduce(initialState, { t: "snapshot", cursor: 1, state: { handovers: Object.fromEntries(handovers.map((row) => [row.id, row])), ...more } });
const ids = (rows) => rows.map((row) => row.id);

test("who is at the door comes first, then who arrives next, the unknown last", () => {
  const state = board([handover("later", "sent", soon(900)), handover("blind", "sent"), handover("here", "arrived"), handover("next", "confirmed", soon(120))]);
  assert.deepEqual(ids(inbound(state)), ["here", "next", "later", "blind"]);
});

test("what is over or taken back is not inbound", () => {
  const state = board([handover("a", "handed_over", { times: { handed_over: "2026-01-01T09:00:00+00:00" } }), handover("b", "redirected"), handover("c", "sent")]);
  assert.deepEqual([ids(inbound(state)), ids(withdrawn(state)), ids(finished(state))], [["c"], ["b"], ["a"]]);
});

test("an alert is reported once, also when the feed starts again", () => {
  let state = board([handover("a", "sent")]);
  assert.deepEqual(ids(undelivered(state)), ["a"]);
  state = reduce(state, { t: "told", ids: ["a"] });
  state = reduce(state, { t: "snapshot", cursor: 2, state: state.board.collections });
  assert.deepEqual(undelivered(state), []);

  state = reduce(state, { t: "untold", id: "a" });

  assert.deepEqual(ids(undelivered(state)), ["a"]);
});

test("an alert sounds once, a confirmed one never", () => {
  let state = board([handover("a", "sent"), handover("b", "confirmed", { times: { confirmed: "2026-01-01T08:01:00+00:00" } })]);
  assert.deepEqual(ids(unheard(state)), ["a"]);

  state = reduce(state, { t: "heard", ids: ["a"] });

  assert.deepEqual(unheard(state), []);
});

test("the newest impression counts, whatever the order of the rows", () => {
  const entry = (id, value, minute) => ({ id, mission_id: "m-a", element: "impression", value, occurred_at: `2026-01-01T08:0${minute}:00+00:00` });
  const state = board([handover("a", "sent")], { entries: { 1: entry("1", "stemi", 5), 2: entry("2", "angina", 1) } });

  assert.equal(cardOf(state, state.board.collections.handovers.a).impression, "stemi");
});

test("a card joins patient, treatments and the last impression, without what was replaced", () => {
  const entry = (id, element, value = "", replaces = [], group = null) => ({ id: String(id), mission_id: "m-a", element, value, replaces, group, occurred_at: `2026-01-01T08:0${id}:00+00:00`, entered_at: "2026-01-01T09:00:00+00:00" });
  const state = board([handover("a", "sent")], {
    patients: { "p-a": { id: "p-a", name: "Wu" } },
    entries: Object.fromEntries([entry(1, "impression", "angina"), entry(2, "situation.primary_impression", "stemi"), entry(3, "drug.aspirin", "300"), entry(4, "medication.drug", "heparin", [], "g"), entry(5, "medication.drug", "morphine", ["4"], "g")].map((row) => [row.id, row])),
  });
  const card = cardOf(state, state.board.collections.handovers.a);
  assert.equal(card.patient.name, "Wu");
  assert.equal(card.impression, "stemi");
  assert.deepEqual(card.given.map((row) => row.places[0].heads[0].value), ["300", "morphine"]);
});
