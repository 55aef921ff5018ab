// What may be said of an arrival now: counting down, near, passed, frozen with its reason, still at the scene. Pure.

import { etaLeft } from "./time.js";

const NEAR_S = 120;
// An estimate that nobody renewed for so long is no countdown any more, whatever it said of itself.
const OLD_S = 90;

/** {kind: here|scene|moving|near|passed|frozen|unknown, left_s, reason}; `row` holds times, on_board_at and the estimate. */
export function etaState(row, at_ms) {
  const { times = {}, eta_s, eta_computed_at, eta_note } = row;
  if (times.arrived) return { kind: "here" };
  if (row.on_board_at === null) return { kind: "scene", left_s: row.drive_s ?? null };
  const left_s = etaLeft(eta_s, eta_computed_at, at_ms);
  if (eta_note) return { kind: eta_s === null || eta_s === undefined ? "unknown" : "frozen", left_s: eta_s ?? null, reason: eta_note };
  if (left_s === null) return { kind: "unknown", left_s: null, reason: "" };
  if (eta_s - left_s > OLD_S) return { kind: "frozen", left_s: eta_s, reason: "not_renewed" };
  if (left_s < 0) return { kind: "passed", left_s, reason: "passed" };
  return { kind: left_s <= NEAR_S ? "near" : "moving", left_s };
}
