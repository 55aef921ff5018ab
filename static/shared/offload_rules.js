// The offload clock as figures: how long since arrival, against the department's target. Pure.

import { secondsSince } from "./time.js";

export const TARGET_S = 900;
export const LATE_S = 1800;

/** 'in_time' | 'over_target' | 'late', as the server judges it. */
export function paceOf(seconds, target_s = TARGET_S) {
  if (seconds <= target_s) return "in_time";
  return seconds > Math.max(LATE_S, target_s) ? "late" : "over_target";
}

/** {seconds, pace, over} or null before arrival. at_ms: for a clock that still runs. */
export function offloadOf(handover, door, at_ms) {
  const { arrived, handed_over } = handover?.times ?? {};
  if (!arrived) return null;
  const seconds = secondsSince(arrived, handed_over ? Date.parse(handed_over) : at_ms);
  return { seconds, pace: paceOf(seconds, door?.offload_target_s), over: Boolean(handed_over) };
}
