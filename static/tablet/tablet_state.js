// The tablet's whole state and its one reducer: the board, what waits to be sent, what the person does.

import { activeOf } from "../shared/pathways/pathway_rules.js";
import { apply, emptyBoard, list } from "../shared/reduce.js";
import { me } from "../shared/terms.js";
import { remember } from "../shared/remember.js";
import { standing as places } from "../shared/record/entries.js";
import { withoutIdentity } from "./lock/locked_board.js";
import { entriesWithWaiting, patientWithWaiting, withWaiting } from "./queue_rules.js";

export const initialState = Object.freeze({
  board: emptyBoard,
  jobs: Object.freeze([]),
  tab: "timeline",
  // What lies over the tabs: null | {name, …what it remembers}.
  panel: null,
  // What the record is written by, as the server last gave it.
  reference: Object.freeze({ catalogue: null, forms: null, formulary: null, codeLists: null }),
  // The record as the server sees it: what is proposed, missing and illegal. {missionId, …} | null
  checked: null,
  unchecked: null,
  // null | 'hospitals' | 'ends' | 'reason' | 'refused' : what covers the screen.
  sheet: null,
  reasonFor: null,
  hospitals: null,
  hospitalId: null,
  // Why the list of hospitals is not the server's.
  hospitalsNote: "",
  route: null,
  // Does the map follow the vehicle, or did a finger move it?
  following: true,
  // The server no longer knows who writes here.
  signedOut: false,
  // The drug, treatment or observation whose amount is being typed: {element, value, unit, route}.
  dose: null,
  // The list of the findings that is open although something was chosen: null | 'impression' | 'complaint'.
  unfolded: null,
  // The last status tapped: {factId, fact, until_ms}.
  undo: null,
  // Where no age is known: mission → "adult" | "child", as the crew sees it.
  assumed: Object.freeze({}),
  // The book of controlled drugs while it is open: see ledger_view.js.
  ledger: null,
  // The state of the call that this tablet carries; whom one can call; the echo test.
  consultCall: null,
  callable: null,
  consultEcho: null,
  // A mission that is over and was put away by the crew.
  dismissed: null,
  // Covers the screen: null when open, else {mode, digits, fault, busy, waiting}.
  lock: null,
  // A new PIN: null | {first, digits, fault, busy}.
  pin: null,
  hasPin: true,
  // When something last reached the server; what the tablet's own state is.
  synced_at: null,
  updateWaits: false,
  storageLow: false,
});

export function reduce(state, message) {
  switch (message.t) {
    case "set":
      return { ...state, ...message.values };
    case "jobs":
      return { ...state, jobs: message.jobs };
    case "locked":
      return { ...initialState, reference: state.reference, hasPin: state.hasPin, updateWaits: state.updateWaits, storageLow: state.storageLow, board: withoutIdentity(state.board), lock: message.lock };
    case "restored":
      return { ...state, board: { ...message.board, cursor: null } };
    default: {
      const applied = apply(state.board, message);
      const board = state.lock && applied !== state.board ? withoutIdentity(applied) : applied;
      return board === state.board ? state : { ...state, board };
    }
  }
}

const newest = (missions) => missions.toSorted((a, b) => Date.parse(b.times.assigned) - Date.parse(a.times.assigned))[0];

/** The mission to work on: the open one, or the last one until the crew puts it away. */
export function missionOf(state) {
  const mission = newest(list(state.board, "missions"));
  if (!mission || (!mission.open && state.dismissed === mission.id)) return null;
  return withWaiting(mission, state.jobs);
}

export const unitOf = (state) => list(state.board, "units")[0] ?? null;
export const incidentOf = (state, mission) => state.board.collections.incidents?.[mission.incident_id] ?? null;
export const patientOf = (state, mission) =>
  patientWithWaiting(list(state.board, "patients").find((row) => row.mission_id === mission.id) ?? null, state.jobs, mission.id);

export function handoverOf(state, mission) {
  const rows = list(state.board, "handovers").filter((row) => row.mission_id === mission.id);
  return rows.find((row) => !["redirected", "cancelled"].includes(row.state)) ?? rows[0] ?? null;
}

const written = remember((rows, jobs, missionId) => entriesWithWaiting(Object.values(rows ?? {}).filter((row) => row.mission_id === missionId), jobs, missionId));
export const entriesOf = (state, mission) => written(state.board.collections.entries, state.jobs, mission.id);

const standingNow = remember((entries, catalogue) => places(entries, catalogue?.elements ?? {}));
/** What stands in the record, conflicts included: see entries.js. */
export const placesOf = (state, mission) => standingNow(entriesOf(state, mission), state.reference.catalogue);

export const handoversOf = (state, mission) => list(state.board, "handovers").filter((row) => row.mission_id === mission.id);

/** Withdrawn by somebody else, and nobody of the crew has read it yet. */
export const toAcknowledge = (state, mission) => handoversOf(state, mission).filter((row) => ["redirected", "cancelled"].includes(row.state) && !row.crew_told_at);

/** From the call on and before boarding, while no hospital is alerted. */
export const canPrealert = (state, mission) => mission.open && !isPosting(mission) && ["on_scene", "at_patient"].includes(mission.state) && !state.jobs.some((job) => job.kind === "prealert" && job.missionId === mission.id && !job.refused);

/** The pathways as they will be once what waits in the queue is stored. */
export function pathwaysOf(state, mission) {
  const rows = { ...state.board.collections.pathways };
  for (const job of state.jobs.filter((one) => one.kind === "pathway" && one.missionId === mission.id && !one.refused)) applyPathway(rows, job);
  return activeOf(rows, mission.id);
}

function applyPathway(rows, { pathway, what, body, missionId, at }) {
  const known = Object.values(rows).find((row) => row.mission_id === missionId && row.kind === pathway && ["open", "proposed"].includes(row.state));
  if (what === "open" && known) rows[known.id] = { ...known, state: "open" };
  else if (what === "open") rows[body.id] = { id: body.id, mission_id: missionId, kind: pathway, state: "open", version: "", suspicion: "crew", reasons: [], opened_at: at, opened_by: null, ticks: {}, clocks: [], teams: [], direct_to: "" };
  else if (known && what === "tick") {
    const { [body.item]: _before, ...others } = known.ticks;
    rows[known.id] = { ...known, ticks: body.answer === "taken_back" ? others : { ...others, [body.item]: { answer: body.answer, at: body.occurred_at, by: globalThis.document ? me() : null } } };
  } else if (known && what === "end") rows[known.id] = { ...known, state: "closed" };
}

export const alarmsOf = (state, missionId) => list(state.board, "alarms").filter((row) => row.mission_id === missionId);
export const ecgsOf = (state, mission) => list(state.board, "ecgs").filter((row) => row.mission_id === mission.id).map((row) => ({ ...row, ecg: true }));

/** What stands in the record now: neither replaced nor "not done". */
export const standing = (entries, element) => entries.filter((entry) => entry.element === element && !entry.replaced && !entry.pertinent_negative);

// On the way there is one big next step; the ways out are offered smaller.
const BIG = {
  assigned: "acknowledged",
  acknowledged: "en_route",
  en_route: "on_scene",
  on_scene: "at_patient",
  at_patient: "on_board",
  on_board: "left_scene",
  left_scene: "at_destination",
  at_destination: "handed_over",
  handed_over: "available",
};
const ENDS = {
  assigned: ["declined"],
  acknowledged: ["declined"],
  on_scene: ["no_patient"],
  at_patient: ["refused", "treated_and_released", "dead_on_scene", "no_patient"],
};
const UNDER_WAY = ["acknowledged", "en_route", "on_board", "left_scene"];

/** Sent to wait somewhere: no patient, no record, and free for an emergency all the time. */
export const isPosting = (mission) => (mission.kind ?? "emergency") !== "emergency";
export const bigStep = (mission) => (isPosting(mission) && mission.state === "on_scene" ? "available" : BIG[mission.state] ?? null);
export const endsOf = (mission) => (isPosting(mission) && mission.state === "on_scene" ? [] : ENDS[mission.state] ?? []);
/** Only who is driving has an arrival to wait for. */
export const isUnderWay = (mission) => mission.open && UNDER_WAY.includes(mission.state);

const EARTH_M = 6_371_000;
const rad = (deg) => (deg * Math.PI) / 180;

export function distance_m(a, b) {
  const x = rad(b.lon - a.lon) * Math.cos(rad((a.lat + b.lat) / 2));
  return Math.hypot(x, rad(b.lat - a.lat)) * EARTH_M;
}

/** Without the server: the hospitals that the board knows, nearest first, no road time, none recommended. */
export function nearestFirst(state) {
  const fix = unitOf(state)?.fix;
  const rows = list(state.board, "hospitals").map((row) => ({ ...row, hospital_id: row.id, eta_s: null, distance_m: fix ? distance_m(fix, row) : null, recommended: false, reasons: [], divert: Boolean(row.divert) }));
  return rows.sort((a, b) => (a.distance_m ?? 0) - (b.distance_m ?? 0));
}
