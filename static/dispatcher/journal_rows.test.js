import assert from "node:assert/strict";
import { test } from "node:test";

import { initialState } from "./console_state.js";
import { journalFor } from "./journal_rows.js";

const rows = (...all) => Object.fromEntries(all.map((one) => [one.id, one]));
const journal = rows({ id: 5, kind: "mission.assigned", refs: { mission: "m" } }, { id: 6, kind: "crew.asked", refs: { mission: "n" } }, { id: 7, kind: "zone.drawn", refs: { zone: "z" } });
const board = { cursor: 7, ready: true, collections: { journal, missions: rows({ id: "m", incident_id: "i", open: true, times: {} }) } };
const state = (more = {}) => ({ ...initialState, board, ...more });
const ids = (more) => journalFor(state(more)).map((row) => row.id);
const selected = { selection: { incident: "i", unit: null, hospital: null } };

test("everything, newest first", () => assert.deepEqual(ids(), [7, 6, 5]));

test("a selected incident filters to its own rows, older ones included once", () => {
  const older = { i: rows({ id: 2, kind: "incident.opened", refs: { incident: "i" } }, { id: 5, kind: "mission.assigned", refs: { mission: "m" } }) };
  assert.deepEqual(ids({ ...selected, older }), [5, 2]);
  assert.deepEqual(ids({ ...selected, older, follow: false }), [7, 6, 5]);
});

test("a kind filters by what a person looks for", () => {
  assert.deepEqual(ids({ journalKind: "safety" }), [6]);
  assert.deepEqual(ids({ journalKind: "roads" }), [7]);
});
