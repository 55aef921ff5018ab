// The state of a desk and its one reducer: the board, the roster, what is being ordered. Pure.

import { apply, emptyBoard, list } from "../shared/reduce.js";
import { partyOf, queueOrder, ringsAt } from "../shared/consult/call_rules.js";
import { standing } from "../shared/record/entries.js";
import { remember } from "../shared/remember.js";

export const initialState = Object.freeze({
  board: emptyBoard,
  reference: Object.freeze({ catalogue: null, forms: null, formulary: null, codeLists: null }),
  // Who is on call, as the server last said; whether this physician takes calls.
  physicians: Object.freeze([]),
  available: true,
  // Parties that have sounded at this desk: once a call, never again on reconnect.
  heard: Object.freeze(new Set()),
  // The state of the call, of peer_call.js, while one is open.
  call: null,
  echo: null,
  // The order that is being written: {kind, …}; what the server found against it: {cautions}.
  draft: Object.freeze({ kind: "drug" }),
  asking: false,
  declining: null,
  withdrawing: null,
});

export function reduce(state, message) {
  switch (message.t) {
    case "set":
      return { ...state, ...message.values };
    case "draft":
      return { ...state, draft: { ...state.draft, ...message.values } };
    case "heard":
      return { ...state, heard: new Set([...state.heard, ...message.ids]) };
    default: {
      const board = apply(state.board, message);
      return board === state.board ? state : { ...state, board };
    }
  }
}

const consults = (state) => list(state.board, "consults");

/** The consult in which this person talks. */
export const ownConsult = (state, me) => consults(state).find((one) => one.state !== "ended" && partyOf(one, me.id)) ?? null;

/** Those that ring here, the most urgent first. */
export const ringing = (state, me) => queueOrder(consults(state).filter((one) => one.state !== "ended" && !partyOf(one, me.id) && ringsAt(one, me)));

/** Those that wait for a physician and do not ring here. */
export function queue(state, me) {
  const here = new Set(ringing(state, me).map((one) => one.id));
  return queueOrder(consults(state).filter((one) => one.requests.some((request) => request.specialty) && !here.has(one.id) && !partyOf(one, me.id)));
}

/** The ringing parties that have not sounded at this desk. */
export const unheard = (state, me) => ringing(state, me).flatMap((one) => one.parties.filter((party) => party.state === "ringing" && !state.heard.has(party.id)).map((party) => party.id));

const standingOf = remember((entries, catalogue, missionId) => standing(Object.values(entries ?? {}).filter((row) => row.mission_id === missionId), catalogue?.elements ?? {}));

/** Everything of the mission that the consult is about. */
export function caseOf(state, consult) {
  const { missions = {}, incidents = {}, units = {}, entries, hospitals = {} } = state.board.collections;
  const mission = missions[consult.mission_id] ?? null;
  return {
    consult,
    mission,
    incident: incidents[consult.incident_id] ?? null,
    unit: units[mission?.unit_id] ?? null,
    hospital: hospitals[mission?.destination_id] ?? null,
    patient: list(state.board, "patients").find((one) => one.mission_id === consult.mission_id) ?? null,
    places: standingOf(entries, state.reference.catalogue, consult.mission_id),
    alarms: list(state.board, "alarms").filter((one) => one.mission_id === consult.mission_id),
    ecgs: list(state.board, "ecgs").filter((one) => one.mission_id === consult.mission_id).sort((a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at)),
  };
}
