import assert from "node:assert/strict";
import { test } from "node:test";

import { currentDraft, initialState, reduce } from "./console_state.js";

const run = (...messages) => messages.reduce(reduce, initialState);
const snapshot = { t: "snapshot", cursor: 3, state: { units: { u1: { id: "u1", incident_id: "i1" }, u2: { id: "u2", incident_id: null } }, incidents: { i1: { id: "i1" } } } };
const open = (callId) => ({ t: "intake/open", callId, incidentId: `${callId}-i`, ringAt: "2026-01-01T10:00:00+00:00" });

test("selecting a busy unit selects its incident", () => {
  const state = run(snapshot, { t: "select/unit", id: "u1" });

  assert.deepEqual([state.selection.incident, state.selection.unit, state.panel], ["i1", "u1", "incident"]);
});

test("selecting a free unit keeps the incident and shows its road", () => {
  const state = run(snapshot, { t: "select/incident", id: "i1" }, { t: "select/unit", id: "u2" });

  assert.deepEqual([state.selection.incident, state.candidate], ["i1", "u2"]);
});

test("a call put aside keeps what was typed", () => {
  const state = run(open("c1"), { t: "intake/field", field: "note", value: "lift" }, { t: "back" }, { t: "select/incident", id: "i1" }, open("c1"));

  assert.equal(currentDraft(state).note, "lift");
});

test("late answers go to the call that asked, not to the one in view", () => {
  const state = run(open("c1"), open("c2"), { t: "intake/triage", call: "c1", triage: { priority: 1 } });

  assert.equal(state.drafts.c1.triage.priority, 1);
  assert.equal(state.drafts.c2.triage, null);
});

test("back closes one layer at a time", () => {
  const state = run(snapshot, { t: "select/incident", id: "i1" }, { t: "set", values: { ask: { kind: "cancel" }, help: true } });

  const once = reduce(state, { t: "back" });
  const twice = reduce(once, { t: "back" });

  assert.deepEqual([once.help, once.ask?.kind], [false, "cancel"]);
  assert.deepEqual([twice.ask, twice.panel], [null, "incident"]);
  assert.equal(reduce(twice, { t: "back" }).panel, null);
});
