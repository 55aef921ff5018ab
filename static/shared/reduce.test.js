import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, emptyBoard, item, list } from "./reduce.js";

const fix = (fix_at, lat = 30) => ({ lat, lon: 120, heading_deg: null, speed_mps: 0, fix_at });
const snapshot = {
  t: "snapshot",
  cursor: 7,
  state: {
    units: { u1: { id: "u1", call_sign: "A1", fix: fix("2026-01-01T10:00:10+00:00") } },
    missions: { m1: { id: "m1", eta_s: null } },
    handovers: { h1: { id: "h1", mission_id: "m1" } },
  },
};
const board = () => apply(emptyBoard, snapshot);

test("a snapshot replaces everything and makes the board ready", () => {
  const state = board();

  assert.equal(state.cursor, 7);
  assert.equal(state.ready, true);
  assert.deepEqual(list(state, "calls"), []);
});

test("snapshot and rows since equal a fresh snapshot", () => {
  const changed = { id: "u1", call_sign: "A1", status: "assigned", fix: fix("2026-01-01T10:00:11+00:00") };

  const state = apply(board(), { t: "rows", cursor: 9, changes: { units: { u1: changed }, handovers: { h1: null } } });

  assert.deepEqual(state, apply(emptyBoard, { t: "snapshot", cursor: 9, state: { ...snapshot.state, units: { u1: changed }, handovers: {} } }));
});

test("a row never pulls a unit back to an older fix", () => {
  const stale = { id: "u1", call_sign: "A1", status: "assigned", fix: fix("2026-01-01T10:00:05+00:00", 1) };

  const state = apply(board(), { t: "rows", cursor: 8, changes: { units: { u1: stale } } });

  assert.equal(item(state, "units", "u1").status, "assigned");
  assert.equal(item(state, "units", "u1").fix.lat, 30);
});

test("positions move known units only, forward in time only", () => {
  const before = board();

  const late = apply(before, { t: "positions", fixes: [["u1", 1, 1, null, 0, "2026-01-01T10:00:01+00:00"], ["u9", 1, 1, null, 0, "2026-01-01T10:00:20+00:00"]] });
  const next = apply(before, { t: "positions", fixes: [["u1", 31, 121, 90, 12, "2026-01-01T10:00:11+00:00"]] });

  assert.equal(late, before);
  assert.deepEqual(item(next, "units", "u1").fix, { lat: 31, lon: 121, heading_deg: 90, speed_mps: 12, fix_at: "2026-01-01T10:00:11+00:00" });
  assert.equal(before.collections.units.u1.fix.lat, 30);
});

test("an estimate reaches the mission and its handover", () => {
  const state = apply(board(), { t: "eta", mission_id: "m1", eta_s: 240, computed_at: "2026-01-01T10:00:10+00:00", note: "" });

  assert.equal(item(state, "missions", "m1").eta_s, 240);
  assert.equal(item(state, "handovers", "h1").eta_s, 240);
});

test("an unknown message and a beat without news change nothing", () => {
  const before = board();

  assert.equal(apply(before, { t: "beat", head: 7, now: "2026-01-01T10:00:10+00:00" }), before);
  assert.equal(apply(before, { t: "something_new" }), before);
  assert.equal(apply(emptyBoard, { t: "beat", head: 7 }), emptyBoard);
});

test("a beat takes the cursor past rows that changed nothing here", () => {
  const before = board();

  assert.deepEqual(apply(before, { t: "beat", head: 9, now: "2026-01-01T10:00:10+00:00" }), { ...before, cursor: 9 });
});
