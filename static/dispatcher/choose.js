// What the console shows out of the board: sorted, filtered, timed. Pure.

import { item, list } from "../shared/reduce.js";
import { MISSION_PATH } from "../shared/status.js";

const byAge = (a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at);
const byUrgency = (a, b) => (a.priority ?? 5) - (b.priority ?? 5) || byAge(a, b);

/** Answered calls that belong to no incident yet, longest wait first. */
export const openCalls = (board) =>
  list(board, "calls")
    .filter((call) => !call.incident_id && !call.closed_at)
    .sort((a, b) => Date.parse(a.ring_at) - Date.parse(b.ring_at));

/** Open incidents: the waiting ones first, then by priority, then by age. */
export function openIncidents(board) {
  const open = list(board, "incidents").filter((incident) => incident.state !== "closed");
  const waiting = open.filter((incident) => incident.state === "waiting").sort(byUrgency);
  const served = open.filter((incident) => incident.state !== "waiting").sort(byUrgency);
  return { waiting, served };
}

/** Missions of an incident: the open ones first, in the order of assignment. */
export const missionsOf = (board, incidentId) =>
  list(board, "missions")
    .filter((mission) => mission.incident_id === incidentId)
    .sort((a, b) => Number(b.open) - Number(a.open) || Date.parse(a.times?.assigned ?? 0) - Date.parse(b.times?.assigned ?? 0));

const WITHDRAWN = new Set(["redirected", "cancelled"]);

/** The mission's handover that counts: the one in force, else the last that was withdrawn. */
export function handoverOf(board, missionId) {
  const all = list(board, "handovers").filter((handover) => handover.mission_id === missionId);
  return all.find((handover) => !WITHDRAWN.has(handover.state)) ?? all.at(-1);
}

const onShift = (unit) => unit.status !== "off_shift" && unit.status !== "out_of_service";
// Whoever is only sent to wait somewhere can be sent to an emergency.
export const isFree = (unit) => unit.status === "available" || Boolean(unit.posting);

export const UNIT_FILTERS = {
  all: () => true,
  free: isFree,
  busy: (unit) => onShift(unit) && !isFree(unit),
};

function matches(unit, words) {
  const text = [unit.call_sign, unit.plate, unit.capability, unit.station?.name_en, unit.station?.name_zh].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

// Busy units by how far they are in their mission, then the free, then those off duty.
const rankOfStatus = (unit) => {
  if (!onShift(unit)) return 90;
  return isFree(unit) ? 50 : Math.max(0, MISSION_PATH.indexOf(unit.status));
};

/**
 * Unit rows: {unit, mission, candidate, near} where candidate = {rank, eta_s, distance_m} of the recommendation in view
 * and near = serves the selected incident. Those come first, then candidates by rank, then by status and call sign.
 */
export function unitRows(board, { filter = "all", text = "", incidentId = null, ranked = [] } = {}) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const candidates = new Map(ranked.map((candidate, index) => [candidate.unit_id, { ...candidate, rank: index + 1 }]));
  const rows = list(board, "units")
    .filter((unit) => UNIT_FILTERS[filter](unit) && matches(unit, words))
    .map((unit) => ({
      unit,
      mission: item(board, "missions", unit.mission_id),
      candidate: candidates.get(unit.id) ?? null,
      near: incidentId !== null && unit.incident_id === incidentId,
    }));
  const place = placesOf(board);
  const order = (row) => [row.near ? 0 : 1, row.candidate?.rank ?? 99, rankOfStatus(row.unit), place.get(row.unit.id)];
  return rows
    .map((row) => [order(row), row])
    .sort(([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3])
    .map(([, row]) => row);
}

const collator = new Intl.Collator("en", { numeric: true });
let ordered = { signs: "", places: new Map() };

/** unit id → its place by call sign. Comparing a thousand signs at every position is dear: once a fleet. */
function placesOf(board) {
  const units = list(board, "units");
  const signs = units.map((unit) => `${unit.id}${unit.call_sign}`).join();
  if (signs !== ordered.signs) {
    const sorted = [...units].sort((a, b) => collator.compare(a.call_sign, b.call_sign));
    ordered = { signs, places: new Map(sorted.map((unit, at) => [unit.id, at])) };
  }
  return ordered.places;
}

export function unitCounts(board) {
  const units = list(board, "units");
  return { all: units.length, free: units.filter(isFree).length, busy: units.filter(UNIT_FILTERS.busy).length, onShift: units.filter(onShift).length };
}

/** Journal entries, newest first; of one incident when it is given. */
export function journalRows(board, { incidentId = null, missionIds = [] } = {}) {
  const wanted = new Set([incidentId, ...missionIds]);
  return list(board, "journal")
    .filter((entry) => incidentId === null || Object.values(entry.refs ?? {}).some((id) => wanted.has(id)))
    .sort((a, b) => Number(b.id) - Number(a.id));
}
