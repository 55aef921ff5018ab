import assert from "node:assert/strict";
import { test } from "node:test";
import { etaState } from "./eta_state.js";

const T0 = Date.parse("2026-01-01T08:00:00Z");
const row = (more) => ({ times: {}, on_board_at: "2026-01-01T07:50:00Z", eta_s: 300, eta_computed_at: "2026-01-01T08:00:00Z", eta_note: "", ...more });
const kind = (more, after_s = 0) => etaState(row(more), T0 + after_s * 1000).kind;

test("a fresh estimate counts down, and the last two minutes are near", () => {
  assert.deepEqual(etaState(row(), T0 + 60_000), { kind: "moving", left_s: 240 });
  assert.equal(kind({ eta_s: 130 }, 20), "near");
});

test("a stale position freezes the estimate and says why", () => {
  assert.deepEqual(etaState(row({ eta_note: "stale_fix" }), T0 + 600_000), { kind: "frozen", left_s: 300, reason: "stale_fix" });
});

test("off the road without an earlier estimate nothing is known, but why is", () => {
  assert.deepEqual(etaState(row({ eta_s: null, eta_note: "off_road" }), T0), { kind: "unknown", left_s: null, reason: "off_road" });
});

test("an estimate that passed says so, and one that nobody renews is frozen", () => {
  assert.equal(kind({ eta_s: 20 }, 30), "passed");
  assert.deepEqual(etaState(row(), T0 + 100_000), { kind: "frozen", left_s: 300, reason: "not_renewed" });
});

test("before the patient is on board the drive alone is known", () => {
  assert.deepEqual(etaState(row({ on_board_at: null, drive_s: 420, eta_s: null }), T0), { kind: "scene", left_s: 420 });
});

test("who has arrived is here, whatever the estimate says", () => {
  assert.equal(kind({ times: { arrived: "2026-01-01T08:00:00Z" }, eta_note: "stale_fix" }), "here");
});
