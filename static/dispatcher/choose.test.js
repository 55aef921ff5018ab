import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, emptyBoard } from "../shared/reduce.js";
import { handoverOf, journalRows, openCalls, openIncidents, unitCounts, unitRows } from "./choose.js";

const byId = (items) => Object.fromEntries(items.map((one) => [one.id, one]));
const board = (state) => apply(emptyBoard, { t: "snapshot", cursor: 1, state });
const at = (minute) => `2026-01-01T10:${String(minute).padStart(2, "0")}:00+00:00`;

test("waiting incidents come first, by priority and then by age", () => {
  const state = board({
    incidents: byId([
      { id: "served", priority: 1, state: "assigned", opened_at: at(0) },
      { id: "young", priority: 2, state: "waiting", opened_at: at(5) },
      { id: "old", priority: 2, state: "waiting", opened_at: at(1) },
      { id: "urgent", priority: 1, state: "waiting", opened_at: at(9) },
      { id: "gone", priority: 1, state: "closed", opened_at: at(0) },
    ]),
  });

  const { waiting, served } = openIncidents(state);

  assert.deepEqual(waiting.map(({ id }) => id), ["urgent", "old", "young"]);
  assert.deepEqual(served.map(({ id }) => id), ["served"]);
});

test("a call leaves the list when it has an incident or is closed", () => {
  const state = board({ calls: byId([{ id: "c1", ring_at: at(2) }, { id: "c2", ring_at: at(1) }, { id: "c3", ring_at: at(0), incident_id: "i" }, { id: "c4", ring_at: at(0), closed_at: at(1) }]) });

  assert.deepEqual(openCalls(state).map(({ id }) => id), ["c2", "c1"]);
});

const fleet = board({
  units: byId([
    { id: "u1", call_sign: "A10", status: "available", station: { name_en: "Harbour", name_zh: "港口" } },
    { id: "u2", call_sign: "A2", status: "available" },
    { id: "u3", call_sign: "A3", status: "on_scene", incident_id: "i1" },
    { id: "u4", call_sign: "A4", status: "en_route", incident_id: "i2" },
    { id: "u5", call_sign: "A5", status: "off_shift" },
  ]),
});
const signs = (rows) => rows.map(({ unit }) => unit.call_sign);

test("units of the selected incident come first, then the recommendation in its order", () => {
  const rows = unitRows(fleet, { incidentId: "i1", ranked: [{ unit_id: "u1", eta_s: 100 }] });

  assert.deepEqual(signs(rows), ["A3", "A10", "A4", "A2", "A5"]);
  assert.equal(rows[1].candidate.rank, 1);
});

test("units sort by status and by the number in their call sign, and filter by text in either language", () => {
  assert.deepEqual(signs(unitRows(fleet)), ["A4", "A3", "A2", "A10", "A5"]);
  assert.deepEqual(signs(unitRows(fleet, { filter: "free" })), ["A2", "A10"]);
  assert.deepEqual(signs(unitRows(fleet, { text: "港口" })), ["A10"]);
  assert.deepEqual(unitCounts(fleet), { all: 5, free: 2, busy: 2, onShift: 4 });
});

test("the journal shows the newest first, and one incident's entries when it is selected", () => {
  const state = board({ journal: byId([{ id: 9, refs: { incident: "i1" } }, { id: 10, refs: { mission: "m1" } }, { id: 11, refs: { incident: "i2" } }]) });

  assert.deepEqual(journalRows(state).map(({ id }) => id), [11, 10, 9]);
  assert.deepEqual(journalRows(state, { incidentId: "i1", missionIds: ["m1"] }).map(({ id }) => id), [10, 9]);
});

test("after a redirection the handover in force counts", () => {
  const state = board({ handovers: byId([{ id: "h1", mission_id: "m1", state: "redirected" }, { id: "h2", mission_id: "m1", state: "sent" }, { id: "h3", mission_id: "m2", state: "cancelled" }]) });

  assert.equal(handoverOf(state, "m1").id, "h2");
  assert.equal(handoverOf(state, "m2").id, "h3");
  assert.equal(handoverOf(state, "m3"), undefined);
});
