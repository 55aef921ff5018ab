// The emergency department's state and its one reducer, and what stands on the wall in which order. Pure.

import { apply, emptyBoard, list } from "../shared/reduce.js";
import { standing } from "../shared/record/entries.js";
import { rowsOf } from "../shared/record/line_rules.js";
import { remember } from "../shared/remember.js";
import { activeOf } from "../shared/pathways/pathway_rules.js";
import { etaLeft } from "../shared/time.js";

export const initialState = Object.freeze({
  // The elements of a record, from the server; until they are here codes are shown as they are.
  catalogue: null,
  board: emptyBoard,
  // The card whose panel is open.
  selected: null,
  // The checklists; until they are here pathways are shown by their codes.
  pathways: null,
  // The missions whose picture was opened on their card.
  pictures: Object.freeze(new Set()),
  // The card that was opened on a full wall.
  opened: null,
  // The patient who is being received, with what was entered so far.
  receiving: null,
  // The question why and how long is open.
  diverting: false,
  // Handovers that sounded, and those reported as delivered: once an alert, never again on reconnect.
  heard: Object.freeze(new Set()),
  told: Object.freeze(new Set()),
});

export function reduce(state, message) {
  switch (message.t) {
    case "set":
      return { ...state, ...message.values };
    case "select":
      return { ...state, selected: message.id };
    case "heard":
      return { ...state, heard: new Set([...state.heard, ...message.ids]) };
    case "told":
      return { ...state, told: new Set([...state.told, ...message.ids]) };
    case "untold": // the report did not reach the server: try again with the next change
      return { ...state, told: new Set([...state.told].filter((id) => id !== message.id)) };
    default: {
      const board = apply(state.board, message);
      return board === state.board ? state : { ...state, board };
    }
  }
}

const OVER = ["handed_over", "redirected", "cancelled"];
const HERE = ["arrived", "offloading"];

// What a hospital wants to know of the care so far, in the first words and in the catalogue's.
const GIVEN = new Set(["treatment", "drug", "medication", "procedure", "arrest_event"]);
/** One mission's places; many cards are drawn with every frame, and few records change. */
const standings = new Map();
function standingOf(rows, catalogue, missionId) {
  if (!standings.has(missionId)) standings.set(missionId, remember((all, known) => standing(Object.values(all ?? {}).filter((row) => row.mission_id === missionId), known?.elements ?? {})));
  return standings.get(missionId)(rows, catalogue);
}

const byTime = (a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at);

/** Everything that a card shows, joined from the collections. */
export function cardOf(state, handover) {
  const { missions = {}, patients = {}, units = {} } = state.board.collections;
  const mission = missions[handover.mission_id];
  const places = standingOf(state.board.collections.entries, state.catalogue, handover.mission_id);
  const said = (...elements) => places.filter((place) => elements.includes(place.element));
  return {
    handover,
    mission,
    unit: units[handover.unit.id] ?? null,
    patient: patients[handover.patient_id] ?? null,
    caller: state.board.collections.incidents?.[handover.incident?.id] ?? null,
    impression: said("impression", "situation.primary_impression").at(-1)?.heads[0].value ?? null,
    given: rowsOf(places).filter((row) => GIVEN.has(row.kind)).sort(byTime),
    ecgs: list(state.board, "ecgs").filter((row) => row.mission_id === handover.mission_id).sort(byTime),
    written: places.filter((place) => !GIVEN.has(place.element.split(".")[0]) && !place.element.startsWith("attachment.") && !place.element.includes("allergy")).flatMap((place) => place.heads),
    infectious: said("patient.infectious").at(-1)?.heads[0].value === "yes",
    attachments: rowsOf(places.filter((place) => place.element.startsWith("attachment."))).sort(byTime),
    pathways: activeOf(state.board.collections.pathways, handover.mission_id),
    allergies: said("allergy", "history.allergy", "history.other_allergy").flatMap((place) => place.heads),
  };
}

// Whoever is still at the scene comes after all who drive: until then the mission's estimate is for the scene.
const due = (handover) => (handover.on_board_at === null ? null : etaLeft(handover.eta_s, handover.eta_computed_at)) ?? Number.MAX_SAFE_INTEGER;

/** Those who are here first, then by arrival; unconfirmed ones break a tie. */
export function inbound(state) {
  const open = list(state.board, "handovers").filter((row) => !OVER.includes(row.state));
  return open.toSorted((a, b) => HERE.includes(b.state) - HERE.includes(a.state) || due(a) - due(b) || Date.parse(a.times.sent) - Date.parse(b.times.sent));
}

/** Alerts that were taken back and that nobody here has acknowledged yet. */
export const withdrawn = (state) => list(state.board, "handovers").filter((row) => ["redirected", "cancelled"].includes(row.state));

export const finished = (state) =>
  list(state.board, "handovers")
    .filter((row) => row.state === "handed_over")
    .toSorted((a, b) => Date.parse(b.times.handed_over) - Date.parse(a.times.handed_over));

export const undelivered = (state) => inbound(state).filter((row) => !row.times.delivered && !state.told.has(row.id));

/** Alerts that arrived unconfirmed and have not sounded at this desk. */
export const unheard = (state) => inbound(state).filter((row) => !row.times.confirmed && !state.heard.has(row.id));
