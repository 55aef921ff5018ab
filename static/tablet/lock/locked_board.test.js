import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutIdentity } from "./locked_board.js";
import { initialState, reduce } from "../tablet_state.js";

const state = {
  units: { u: { id: "u", call_sign: "A01" } },
  missions: { m: { id: "m", kind: "emergency", state: "at_patient", open: true, times: { assigned: "t" }, number: "M-20260101-0001", hospital: "王秀英" } },
  incidents: { i: { id: "i", caller_note: "王秀英 fell" } },
  patients: { p: { id: "p", name: "王秀英" } },
  entries: { e: { id: "e", value: "王秀英" } },
  alarms: { a: { id: "a", mission_id: "m", code: "spo2_low", priority: "high", state: "raised" } },
};

test("a locked board has no name, no number and no place, but the alarm", () => {
  const board = withoutIdentity({ cursor: 7, ready: true, collections: state });

  const text = JSON.stringify(board);
  assert.ok(!text.includes("王秀英") && !text.includes("M-20260101-0001"));
  assert.equal(board.collections.alarms.a.code, "spo2_low");
  assert.equal(board.collections.missions.m.state, "at_patient");
});

test("what comes while it is locked is stripped on its way in, and jobs and sheets are gone", () => {
  const open = reduce(initialState, { t: "snapshot", cursor: 1, state });
  const locked = reduce({ ...open, jobs: [{ number: 1 }], sheet: "refused" }, { t: "locked", lock: { mode: "person" } });
  const later = reduce(locked, { t: "rows", cursor: 2, changes: { patients: { q: { id: "q", name: "李雷" } }, alarms: { b: { id: "b" } } } });

  assert.deepEqual([locked.jobs.length, locked.sheet], [0, null]);
  assert.ok(!JSON.stringify(later).includes("李雷"));
  assert.deepEqual(Object.keys(later.board.collections.alarms).sort(), ["a", "b"]);
});

test("a board kept on the disk comes back and asks the server for everything anew", () => {
  const restored = reduce(initialState, { t: "restored", board: { cursor: 9, ready: true, collections: state } });

  assert.equal(restored.board.collections.patients.p.name, "王秀英");
  assert.equal(restored.board.cursor, null);
});
