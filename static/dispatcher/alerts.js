// What calls for the desk's attention now: by ear once, by eye until it is over. Pure.

import { item, list } from "../shared/reduce.js";
import { openCalls, openIncidents } from "./choose.js";

/** Loudest first: only the first kind of several at once is heard. */
export const KINDS = ["crew", "unacknowledged", "call", "hospital", "late"];

const crew = (board) => list(board, "crew_alarms").filter((one) => !one.acknowledged_at).map((one) => ({ id: `crew:${one.id}`, kind: "crew", at: one.occurred_at, unit: one.call_sign, incident_id: one.incident_id, alarm: one }));

const calls = (board) => openCalls(board).map((one) => ({ id: `call:${one.id}`, kind: "call", at: one.answered_at ?? one.ring_at, call: one }));
const waiting = (board) => openIncidents(board).waiting.map((one) => ({ id: `incident:${one.id}`, kind: "call", at: one.opened_at, incident_id: one.id }));

const noAnswer = (mission) => ({ id: `instead:${mission.id}`, kind: "unacknowledged", at: mission.times?.assigned, unit: mission.call_sign, incident_id: mission.incident_id });
const unconfirmed = (board) => (handover) => {
  const mission = item(board, "missions", handover.mission_id);
  return { id: `handover:${handover.id}:${handover.alarm_level}`, kind: "unacknowledged", at: handover.sent_at ?? null, unit: mission?.call_sign ?? "", incident_id: mission?.incident_id ?? null, handover };
};
const atPatient = (board) => (alarm) => {
  const mission = item(board, "missions", alarm.mission_id);
  return { id: `alarm:${alarm.id}`, kind: "unacknowledged", at: alarm.since, unit: mission?.call_sign ?? "", incident_id: mission?.incident_id ?? null, patient: true };
};

const TOLD_MS = 30 * 60_000;

/** A hospital that takes nobody for a while, or takes patients again because the time was over: each once. */
function divert(hospital, now_ms) {
  if (hospital.divert) return [{ id: `divert:${hospital.id}:${hospital.divert.since}`, kind: "hospital", at: hospital.divert.since, hospital }];
  const over = Date.parse(hospital.divert_expired_at ?? "");
  return now_ms - over < TOLD_MS ? [{ id: `divert-over:${hospital.id}:${hospital.divert_expired_at}`, kind: "hospital", at: hospital.divert_expired_at, hospital }] : [];
}

/** A mission that stands in its state for longer than the policy allows. */
function late(mission, now_ms) {
  const since = mission.times?.[mission.state];
  if (!mission.open || mission.instead || !since || !mission.overdue_s) return [];
  if (now_ms - Date.parse(since) <= mission.overdue_s * 1000) return [];
  return [{ id: `late:${mission.id}:${mission.state}`, kind: "late", at: since, unit: mission.call_sign, state: mission.state, incident_id: mission.incident_id }];
}

/** [{id, kind, at, unit, incident_id, …}], the most pressing kind first, the oldest first within. */
export function alertsOf(board, now_ms) {
  const missions = list(board, "missions");
  const found = [
    ...crew(board),
    ...missions.filter((one) => one.open && one.instead).map(noAnswer),
    ...list(board, "handovers").filter((one) => one.alarm_level).map(unconfirmed(board)),
    ...list(board, "alarms").map(atPatient(board)),
    ...calls(board),
    ...waiting(board),
    ...list(board, "hospitals").flatMap((hospital) => divert(hospital, now_ms)),
    ...missions.flatMap((mission) => late(mission, now_ms)),
  ];
  return found.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || Date.parse(a.at ?? 0) - Date.parse(b.at ?? 0));
}

/** Those that were never heard; ledger: {id: when_ms}. mine: ids that this desk made itself. */
export const unheard = (alerts, ledger, mine = new Set()) => alerts.filter((one) => !(one.id in ledger) && !mine.has(one.id));

const KEPT_MS = 86_400_000;
const MOST_KEPT = 1000;

/**
 * The ledger with these noted, all that still stand and the newest of the last day: ids of before never come again.
 * standing: every alert of now; one that waits for days is not told every day.
 */
export function noted(ledger, alerts, now_ms, standing = alerts) {
  const stands = new Set(standing.map((one) => one.id));
  const known = Object.entries(ledger).sort(([, a_ms], [, b_ms]) => b_ms - a_ms);
  const kept = known.filter(([id, at_ms], index) => stands.has(id) || (index < MOST_KEPT && now_ms - at_ms < KEPT_MS));
  return Object.fromEntries([...kept, ...alerts.map((one) => [one.id, ledger[one.id] ?? now_ms])]);
}

/** Alerts of what somebody did at this desk: a call taken here, an incident opened here. */
export const ownAlerts = ({ drafts, awaited, opened }) => new Set([...Object.keys(drafts).map((id) => `call:${id}`), ...[awaited, ...opened].filter(Boolean).map((id) => `incident:${id}`)]);
