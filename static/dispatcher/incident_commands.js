// What the dispatcher does with an incident: ask for units, assign, override, cancel, divert, close.

import { api, orToast, uuid } from "../shared/api.js";
import { item } from "../shared/reduce.js";
import { toast } from "../shared/toast.js";
import { missionsOf } from "./choose.js";
import { currentIncident, currentRecommendation } from "./console_state.js";
import { debounced } from "./intake_commands.js";

const AGAIN_MS = 60000;
// Somebody who runs down the list with a key held looks at none of them.
const ROAD_MS = 80;

export function createIncidentCommands({ store, focus, look, refuseMove, answers = () => ({}) }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const asking = new Set();

  async function recommend(incidentId = currentIncident(store.state)?.id) {
    if (!incidentId || asking.has(incidentId)) return;
    asking.add(incidentId);
    const recommendation = await orToast(api.post(`/api/incidents/${incidentId}/recommendation/`));
    asking.delete(incidentId);
    if (!recommendation) return;
    store.dispatch({ t: "recommendation", recommendation });
    if (currentIncident(store.state)?.id === incidentId) look();
  }

  /** The roads of the selected incident's missions, for the map. A road that cannot be had is not drawn. */
  async function followRoutes() {
    const incident = currentIncident(store.state);
    if (!incident || document.hidden) return;
    const open = missionsOf(store.state.board, incident.id).filter((mission) => mission.open);
    const found = await Promise.all(open.map((mission) => api.get(`/api/missions/${mission.id}/route/`).catch(() => null)));
    set({ routes: Object.fromEntries(open.map((mission, index) => [mission.id, found[index]?.route ?? []])) });
  }

  /** Which candidate's road is drawn; one that came without its road fetches it. */
  const roads = debounced(async (signal, incidentId, unitId) => {
    const { route } = await api.get(`/api/incidents/${incidentId}/units/${unitId}/route/`, { signal });
    store.dispatch({ t: "candidate/route", incidentId, unitId, route });
  }, ROAD_MS);

  function lookAt(candidate) {
    set({ candidate: candidate.unit_id });
    if (!candidate.route) roads(store.state.selection.incident, candidate.unit_id);
  }

  /** Selecting an incident that waits brings its units along: nobody should have to ask. */
  function select(id) {
    store.dispatch({ t: "select/incident", id });
    if (store.state.part) return; // the console beside this window asks
    const known = currentRecommendation(store.state);
    const old = !known || Date.now() - Date.parse(known.made_at) > AGAIN_MS;
    if (currentIncident(store.state)?.state === "waiting" && old) recommend(id);
    followRoutes();
    lookForSame(id);
    focus.panel();
  }

  /** A proposal that cannot be had is no reason to disturb anybody. */
  async function lookForSame(id) {
    const found = await api.get(`/api/incidents/${id}/duplicates/`).catch(() => []);
    set({ sameAs: { ...store.state.sameAs, [id]: found } });
  }

  async function merge(incident, other) {
    if ((await orToast(api.post(`/api/incidents/${incident.id}/merge/`, { id: uuid(), into: other.incident_id }))) === undefined) return;
    select(other.incident_id);
    toast(gettext("Merged. It can be parted again."));
  }

  const partAgain = (made) => orToast(api.post(`/api/merges/${made.id}/part/`));
  const detach = (call) => orToast(api.post(`/api/calls/${call.id}/detach/`));

  function saved(answer) {
    const incident = answer.incident ?? answer;
    set({ awaited: incident.id, opened: [...store.state.opened, incident.id] });
    lookForSame(incident.id);
    store.dispatch({ t: "select/incident", id: incident.id });
    if (answer.recommendation) store.dispatch({ t: "recommendation", recommendation: answer.recommendation });
    else recommend(incident.id);
    focus.panel();
  }

  async function assign(unitId, overrideReason = null) {
    const recommendation = currentRecommendation(store.state);
    const incidentId = store.state.selection.incident;
    const done = await orToast(
      api.post(`/api/incidents/${incidentId}/missions/`, {
        id: uuid(),
        ambulance_id: unitId,
        recommendation_id: recommendation?.id ?? null,
        override_reason: overrideReason ?? "",
      }),
    );
    set({ ask: null });
    // Refused: somebody else was faster, so the list in view is out of date.
    if (!done) return recommend(incidentId);
    const sign = item(store.state.board, "units", unitId)?.call_sign ?? "";
    toast(interpolate(gettext("%(unit)s is assigned."), { unit: sign }, true));
    followRoutes();
    focus.panel();
  }

  /** Key 1 … 9: a unit that the card picked goes at once, any other asks why; one under way asks once more. */
  function assignRank(rank) {
    const candidate = currentRecommendation(store.state)?.ranked[rank - 1];
    if (!candidate || currentIncident(store.state)?.state === "closed") return;
    if (candidate.picked && candidate.duty === "coming") return set({ ask: { kind: "take", unitId: candidate.unit_id, callSign: candidate.call_sign }, candidate: candidate.unit_id });
    if (candidate.picked) return assign(candidate.unit_id);
    set({ ask: { kind: "override", unitId: candidate.unit_id, callSign: candidate.call_sign }, candidate: candidate.unit_id });
  }

  /** The question stands with its incident, which the command bar need not have in view. */
  function askOf(kind, mission) {
    if (mission.incident_id !== store.state.selection.incident) select(mission.incident_id);
    set({ ask: { kind, missionId: mission.id, callSign: mission.call_sign } });
  }

  const askCancel = (mission) => askOf("cancel", mission);
  const askDivert = (mission) => askOf("divert", mission);
  const askClose = () => set({ ask: { kind: "close", incidentId: store.state.selection.incident } });

  /** The answer to the question in view: a code of its pick list. */
  async function answerAsk(code) {
    const { ask } = store.state;
    const answer = answers()[ask.kind];
    if (answer) return answer(ask, code);
    if (ask.kind === "override") return assign(ask.unitId, code);
    if (ask.kind === "take") return assign(ask.unitId);
    if (ask.kind === "hold") return set({ ask: { ...ask, kind: "hold_what", hold: code } });
    if (ask.kind === "hold_what") return keepBack(ask, code);
    if (ask.kind === "closure") return closeRoad(ask, code);
    if (ask.kind === "move") return refuseMove(ask, code);
    set({ ask: null });
    if (ask.kind === "close") return orToast(api.post(`/api/incidents/${ask.incidentId}/close/`));
    // ask.kind is the command's own name: cancel the mission, or divert its unit away from it.
    return orToast(api.post(`/api/missions/${ask.missionId}/${ask.kind}/`, { id: uuid(), reason: code }));
  }

  async function askHospitals(mission) {
    const ranked = await orToast(api.get(`/api/missions/${mission.id}/hospitals/`));
    if (ranked) set({ hospitals: { missionId: mission.id, ranked } });
  }

  const takeAlarm = (alarm) => orToast(api.post(`/api/crew-alarms/${alarm.id}/acknowledge/`));

  function endAlarm(alarm, reason) {
    set({ endingAlarm: null });
    return orToast(api.post(`/api/crew-alarms/${alarm.id}/end/`, { reason }));
  }

  async function sendInstead(mission) {
    if (await orToast(api.post(`/api/missions/${mission.id}/instead/`, { id: uuid() }))) followRoutes();
  }

  const keepUnit = (mission) => orToast(api.post(`/api/missions/${mission.id}/keep/`));

  /** The question stands below the unit, which is therefore selected. */
  function askHold(unit) {
    store.dispatch({ t: "select/unit", id: unit.id });
    set({ ask: { kind: "hold", unitId: unit.id, callSign: unit.call_sign } });
  }

  function keepBack(ask, what) {
    set({ ask: null });
    return orToast(api.post(`/api/units/${ask.unitId}/holds/`, { id: uuid(), kind: ask.hold, what }));
  }

  const release = (hold) => orToast(api.post(`/api/holds/${hold.id}/end/`));

  async function closeRoad(ask, cause) {
    set({ ask: null });
    await orToast(api.post("/api/roads/closures/", { id: uuid(), lat: ask.lat, lon: ask.lon, cause }));
    if (currentRecommendation(store.state)) recommend();
  }

  async function reopenRoad(closure) {
    await orToast(api.post(`/api/roads/closures/${closure.id}/reopen/`));
    if (currentRecommendation(store.state)) recommend();
  }

  return { lookAt, takeAlarm, endAlarm, sendInstead, keepUnit, merge, partAgain, detach, askHospitals, askHold, release, reopenRoad, recommend, followRoutes, select, saved, assign, assignRank, askCancel, askDivert, askClose, answerAsk };
}
