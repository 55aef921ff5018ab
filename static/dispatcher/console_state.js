// The console's whole state and its one reducer: the board from the feed, and what the person is doing. Pure.

import { apply, emptyBoard, item } from "../shared/reduce.js";
import { changeDraft, newDraft } from "./intake_state.js";

export const initialState = Object.freeze({
  board: emptyBoard,
  protocol: null,
  selection: Object.freeze({ incident: null, unit: null, hospital: null }),
  // What the work panel shows: null | 'intake' | 'incident'.
  panel: null,
  // The checklists of pathways; until they are here, their codes.
  pathways: null,
  call: null,
  // Incidents that were opened here, by id.
  opened: Object.freeze([]),
  // When the alerts last changed: some come by the clock alone.
  alertsAt: 0,
  // An incident that was just saved and whose row has not arrived yet.
  awaited: null,
  drafts: Object.freeze({}),
  recommendations: Object.freeze({}),
  // Roads of the missions in view: {missionId: [[lon, lat], …]}.
  routes: Object.freeze({}),
  // Which candidate's road is drawn, by unit id.
  candidate: null,
  showExcluded: false,
  // Where a unit may be sent to wait.
  posts: Object.freeze([]),
  // The mission whose small live picture is open in the work panel.
  picture: null,
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
  // The command bar: null | {text, index, places, placesFor, early, refused}.
  bar: null,
  // Which part this window shows alone ('map', 'units', …), null for the whole console.
  part: null,
  journalOpen: true,
  journalKind: "",
  journalText: "",
  // Older rows of an incident's journal, fetched: {incidentId: {id: row}}.
  older: Object.freeze({}),
  // The panels show what belongs to the selected incident; false: everything.
  follow: true,
  // Layers that are hidden: {name: false}.
  layers: Object.freeze({}),
  // Corners of the zone being drawn, null when none is.
  drawing: null,
  // The place that was looked for last.
  found: null,
  noteText: "",
  // 'on' | 'muted' | 'blocked' (the browser waits for a key press).
  sound: "on",
  // Alerts that this person has looked at in this browser: {id: when_ms}.
  seen: Object.freeze({}),
  // A track being replayed, see replay.js.
  replay: null,
  // What part of the long list of units is in view: {top, height} in pixels.
  unitScroll: Object.freeze({ top: 0, height: 1000 }),
  unitFilter: "all",
  unitText: "",
});

const nothing = initialState.selection;
const selectIncident = (state, id) => ({
  ...state,
  selection: { ...nothing, incident: id },
  panel: state.part ? null : "incident",
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

/** A unit far down the list got its road when it was looked at. */
function withRoute(state, { incidentId, unitId, route }) {
  const known = state.recommendations[incidentId];
  if (!known) return state;
  const ranked = known.ranked.map((one) => (one.unit_id === unitId ? { ...one, route } : one));
  return { ...state, recommendations: { ...state.recommendations, [incidentId]: { ...known, ranked } } };
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

/** The window beside this one has selected: the same here, without its panel. */
function follow(state, { selection, candidate, layers, recommendation }) {
  const recommendations = recommendation ? { ...state.recommendations, [recommendation.incident_id]: recommendation } : state.recommendations;
  const panel = selection.incident === null && state.panel === "incident" ? null : state.panel;
  return { ...state, selection, candidate, layers, recommendations, panel };
}

function back(state) {
  if (state.bar) return { ...state, bar: null };
  if (state.help) return { ...state, help: false };
  if (state.pointing) return { ...state, pointing: false };
  if (state.drawing) return { ...state, drawing: null };
  if (state.ask) return { ...state, ask: null };
  if (state.panel) return { ...state, panel: null, selection: nothing, candidate: null, picture: null };
  if (state.replay) return { ...state, replay: null };
  return { ...state, selection: nothing, found: null, candidate: null };
}

export function reduce(state, message) {
  switch (message.t) {
    case "select/incident":
      return selectIncident(state, message.id);
    case "select/unit":
      return selectUnit(state, message.id);
    case "select/hospital":
      return { ...state, selection: { ...state.selection, hospital: message.id } };
    case "follow":
      return follow(state, message);
    case "back":
      return back(state);
    case "set":
      return { ...state, ...message.values };
    case "recommendation":
      return { ...state, recommendations: { ...state.recommendations, [message.recommendation.incident_id]: message.recommendation }, candidate: null };
    case "candidate/route":
      return withRoute(state, message);
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
