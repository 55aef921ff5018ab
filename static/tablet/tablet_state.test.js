import assert from "node:assert/strict";
import { test } from "node:test";
import { bigStep, distance_m, endsOf, handoverOf, initialState, isUnderWay, missionOf, nearestFirst, reduce, standing } from "./tablet_state.js";

const at = (minute) => `2026-01-01T08:${String(minute).padStart(2, "0")}:00+00:00`;
const mission = (id, minute, open = true) => ({ id, open, state: open ? "assigned" : "available", times: { assigned: at(minute) } });
const board = (missions, more = {}) =>
  reduce(initialState, { t: "snapshot", cursor: 1, state: { missions: Object.fromEntries(missions.map((row) => [row.id, row])), ...more } });

test("the newest mission is worked on, a finished one until it is put away", () => {
  assert.equal(missionOf(board([mission("old", 1, false), mission("new", 5)])).id, "new");
  const over = board([mission("old", 1, false)]);
  assert.equal(missionOf(over).id, "old");
  assert.equal(missionOf(reduce(over, { t: "set", values: { dismissed: "old" } })), null);
  assert.equal(missionOf(initialState), null);
});

test("a handover that was redirected gives way to the one that counts", () => {
  const state = board([mission("m", 1)], { handovers: { a: { id: "a", mission_id: "m", state: "redirected" }, b: { id: "b", mission_id: "m", state: "sent" } } });
  assert.equal(handoverOf(state, { id: "m" }).id, "b");
});

test("every step has at most one big way on, and the ends none", () => {
  assert.equal(bigStep({ state: "at_patient" }), "on_board");
  assert.deepEqual(endsOf({ state: "assigned" }), ["declined"]);
  assert.equal(bigStep({ state: "available" }), null);
  assert.deepEqual(endsOf({ state: "available" }), []);
});

test("only who is driving has an arrival to wait for", () => {
  assert.deepEqual(["assigned", "en_route", "on_scene", "left_scene", "at_destination"].map((state) => isUnderWay({ state, open: true })), [false, true, false, true, false]);
});

test("what was replaced or not done does not stand", () => {
  const rows = [{ element: "drug.aspirin", replaced: true }, { element: "drug.aspirin", pertinent_negative: "not_performed" }, { element: "drug.aspirin" }, { element: "note" }];
  assert.equal(standing(rows, "drug.aspirin").length, 1);
});

test("without the server the nearest hospital comes first and none is recommended", () => {
  const state = board([], {
    units: { u: { id: "u", fix: { lat: 31.2, lon: 121.4 } } },
    hospitals: { far: { id: "far", lat: 31.3, lon: 121.4, divert: null }, near: { id: "near", lat: 31.21, lon: 121.4, divert: { reason: "full" } } },
  });

  const rows = nearestFirst(state);

  assert.deepEqual(rows.map((row) => [row.hospital_id, row.recommended, row.divert, row.eta_s]), [["near", false, true, null], ["far", false, false, null]]);
  assert.ok(Math.abs(distance_m({ lat: 31.2, lon: 121.4 }, { lat: 31.21, lon: 121.4 }) - 1112) < 2);
});
