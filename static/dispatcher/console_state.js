// The console's whole state and its one reducer: the board from the feed, and what the person is doing. Pure.

import { apply, emptyBoard, item } from "../shared/reduce.js";
import { changeDraft, newDraft } from "./intake_state.js";

export const initialState = Object.freeze({
  board: emptyBoard,
  protocol: null,
  selection: Object.freeze({ incident: null, unit: null, hospital: null }),
  // What the work panel shows: null | 'intake' | 'incident'.
  panel: null,
  call: null,
  // An incident that was just saved and whose row has not arrived yet.
  awaited: null,
  drafts: Object.freeze({}),
  recommendations: Object.freeze({}),
  // Roads of the missions in view: {missionId: [[lon, lat], …]}.
  routes: Object.freeze({}),
  // Which candidate's road is drawn, by unit id.
  candidate: null,
  showExcluded: false,
  // A question that needs a reason: {kind: 'override' | 'cancel' | 'divert', …}.
  ask: null,
  // The next click on the map closes the road there.
  pointing: false,
  roadsOpen: false,
  // What is reached in time now, while it is shown; null until the first answer.
  coverageShown: false,
  coverage: null,
  // The ranking of one mission: {missionId, ranked}.
  hospitals: null,
  // The crew alarm whose end is being explained, by id.
  endingAlarm: null,
  // Other incidents that may be the same event: {incidentId: [duplicate, …]}.
  sameAs: Object.freeze({}),
  help: false,
  journalOpen: false,
  unitFilter: "all",
  unitText: "",
});

const nothing = initialState.selection;
const selectIncident = (state, id) => ({
  ...state,
  selection: { ...nothing, incident: id },
  panel: "incident",
  candidate: null,
  ask: null,
  showExcluded: false,
});

function selectUnit(state, id) {
  const unit = item(state.board, "units", id);
  if (unit?.incident_id) return { ...selectIncident(state, unit.incident_id), selection: { ...nothing, incident: unit.incident_id, unit: id } };
  // A free unit beside an open incident is a candidate: the incident stays.
  return { ...state, selection: { ...state.selection, unit: id }, candidate: id };
}

function withDraft(state, message) {
  const draft = state.drafts[message.call ?? state.call];
  if (!draft) return state;
  return { ...state, drafts: { ...state.drafts, [draft.callId]: changeDraft(draft, message, state.protocol) } };
}

function withoutDraft(state, callId) {
  const drafts = { ...state.drafts };
  delete drafts[callId];
  return { ...state, drafts, call: state.call === callId ? null : state.call, panel: state.panel === "intake" ? null : state.panel };
}

function back(state) {
  if (state.help) return { ...state, help: false };
  if (state.pointing) return { ...state, pointing: false };
  if (state.ask) return { ...state, ask: null };
  if (state.panel) return { ...state, panel: null, selection: nothing, candidate: null };
  return { ...state, selection: nothing, journalOpen: false, candidate: null };
}

export function reduce(state, message) {
  switch (message.t) {
    case "select/incident":
      return selectIncident(state, message.id);
    case "select/unit":
      return selectUnit(state, message.id);
    case "select/hospital":
      return { ...state, selection: { ...state.selection, hospital: message.id } };
    case "back":
      return back(state);
    case "set":
      return { ...state, ...message.values };
    case "recommendation":
      return { ...state, recommendations: { ...state.recommendations, [message.recommendation.incident_id]: message.recommendation }, candidate: null };
    case "intake/open": {
      const draft = state.drafts[message.callId] ?? newDraft(message);
      return { ...state, panel: "intake", call: draft.callId, drafts: { ...state.drafts, [draft.callId]: draft }, selection: nothing, ask: null, help: false };
    }
    case "intake/done":
      return withoutDraft(state, message.callId);
    default: {
      if (message.t.startsWith("intake/")) return withDraft(state, message);
      const board = apply(state.board, message);
      return board === state.board ? state : { ...state, board };
    }
  }
}

export const currentDraft = (state) => (state.panel === "intake" ? state.drafts[state.call] ?? null : null);
export const currentIncident = (state) => item(state.board, "incidents", state.selection.incident) ?? null;
export const currentRecommendation = (state) => state.recommendations[state.selection.incident] ?? null;
