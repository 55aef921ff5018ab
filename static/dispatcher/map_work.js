// What the map shows of the console's state: what is dimmed, which roads are drawn, where to look.

import { item, list } from "../shared/reduce.js";
import { missionsOf } from "./choose.js";
import { currentIncident, currentRecommendation } from "./console_state.js";
import { drawnTrack } from "./replay.js";

const CANDIDATES_IN_VIEW = 3;

const fixes = (units) => units.filter((unit) => unit?.fix).map((unit) => [unit.fix.lon, unit.fix.lat]);
const place = (one) => [one.lon, one.lat];
const openMissions = (state, incidentId) => missionsOf(state.board, incidentId).filter((mission) => mission.open);

function linesOf(state) {
  const incident = currentIncident(state);
  if (!incident) return [];
  const served = openMissions(state, incident.id).map((mission) => ({ points: state.routes[mission.id], kind: "mission" }));
  const ranked = currentRecommendation(state)?.ranked ?? [];
  const candidate = ranked.find((one) => one.unit_id === state.candidate) ?? (served.length ? null : ranked[0]);
  if (!candidate?.route) return served;
  // Looked-at roads farther down stay out of the picture once the eye has moved on.
  const others = served.length ? [] : ranked.slice(0, CANDIDATES_IN_VIEW).filter((one) => one !== candidate && one.route);
  return [...others.map((one) => ({ points: one.route, kind: "alternative" })), ...served, { points: candidate.route, kind: "candidate" }];
}

export function createMapWork({ store, map }) {
  let drawn = {};
  let looked = null;

  // After the next frame: the panel that covers a part of the map has its size only then.
  const look = () => requestAnimationFrame(() => requestAnimationFrame(showOnMap));

  /** The incident with its units (or its first candidates), or every open incident and unit. */
  function showOnMap() {
    const { state } = store;
    const incident = currentIncident(state);
    const left = state.panel ? document.getElementById("work").offsetWidth : 0;
    if (!incident) return map.focus([...list(state.board, "incidents").map(place), ...fixes(list(state.board, "units"))], { maxZoom: 13, left });
    const served = openMissions(state, incident.id).map((mission) => mission.unit_id);
    const first = (currentRecommendation(state)?.ranked ?? []).slice(0, CANDIDATES_IN_VIEW).map((one) => one.unit_id);
    const units = (served.length ? served : first).map((id) => item(state.board, "units", id));
    return map.focus([place(incident), ...fixes(units)], { left });
  }

  /** Hand the map what changed; identity tells, as the reducer never edits in place. */
  function drawMap(state) {
    const { units, incidents, hospitals, missions, closures, zones, crew_alarms } = state.board.collections;
    const { selection, recommendations, candidate, routes, layers, drawing, replay } = state;
    const key = { units, incidents, hospitals, missions, closures, zones, crew_alarms, selection, recommendations, candidate, routes, layers, drawing, replay };
    const changed = new Set(Object.keys(key).filter((name) => key[name] !== drawn[name]));
    drawn = key;
    const next = {};
    for (const name of ["units", "incidents", "hospitals", "closures", "zones"]) if (changed.has(name)) next[name] = list(state.board, name);
    if (changed.has("crew_alarms")) next.alarms = list(state.board, "crew_alarms");
    if (changed.has("selection") || changed.has("recommendations")) {
      const wanted = new Set((currentRecommendation(state)?.ranked ?? []).map((one) => one.unit_id));
      const { incident } = selection;
      next.selection = selection;
      next.dim = incident ? { units: (unit) => unit.incident_id !== incident && !wanted.has(unit.id), incidents: (one) => one.id !== incident } : {};
    }
    // A new incident may be selected before its row has arrived.
    const here = currentIncident(state)?.id ?? null;
    if (here && here !== looked) look();
    looked = here;
    if (Object.keys(next).length) map.show(next);
    if (changed.has("layers")) map.hide(layers);
    if (changed.has("drawing")) map.draft(drawing);
    if (changed.has("replay")) map.track(drawnTrack(replay));
    if (["missions", "selection", "recommendations", "candidate", "routes"].some((name) => changed.has(name))) map.routes(linesOf(state));
  }

  return { showOnMap, look, drawMap };
}
