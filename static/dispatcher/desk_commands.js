// What the desk says itself: a status by radio, a note, a zone, a hospital on divert, what the map shows.

import { api, orToast, uuid } from "../shared/api.js";
import { item } from "../shared/reduce.js";
import { nowIso } from "../shared/time.js";
import { toast } from "../shared/toast.js";
import { currentIncident } from "./console_state.js";
import { ringRound } from "./zone_ring.js";

export function createDeskCommands({ store, map, focus, incidents, recommend }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const look = (places, maxZoom = 15) => map.focus(places.map((one) => [one.lon, one.lat]), { maxZoom, left: store.state.panel ? document.getElementById("work").offsetWidth : 0 });

  /** What a crew said by radio: a fact, with the desk as its source. */
  const setStatus = (mission, fact) => orToast(api.post(`/api/missions/${mission.id}/facts/`, { id: uuid(), fact, occurred_at: nowIso() }));
  const askStatus = (mission) => set({ ask: { kind: "status", missionId: mission.id, callSign: mission.call_sign, next: mission.next } });

  async function addNote(text, incident = currentIncident(store.state)) {
    if (!incident) return;
    if ((await orToast(api.post(`/api/incidents/${incident.id}/notes/`, { id: uuid(), text }))) === undefined) return;
    set({ noteText: "" });
    toast(gettext("Noted. The crews of the incident can read it."));
  }

  const askDivertHospital = (hospital) => set({ ask: { kind: "divert_hospital", hospital } });
  const openHospital = (hospital) => orToast(api.post(`/api/hospitals/${hospital.id}/open/`));

  function goToUnit(unit) {
    if (unit.incident_id) return incidents.select(unit.incident_id);
    store.dispatch({ t: "select/unit", id: unit.id });
    if (unit.fix) look([unit.fix]);
  }

  function goToHospital(hospital) {
    store.dispatch({ t: "select/hospital", id: hospital.id });
    look([hospital]);
  }

  function goAndAskHospitals(mission) {
    incidents.select(mission.incident_id);
    incidents.askHospitals(mission);
  }

  function showPlace(place) {
    map.pin(place);
    look([place], 16);
    set({ found: place });
  }

  /** The same question as after a click on the map. */
  function closeRoadAt(place) {
    look([place], 16);
    set({ pointing: false, ask: { kind: "closure", lat: place.lat, lon: place.lon } });
  }

  const toggleLayer = (code) => set({ layers: { ...store.state.layers, [code]: store.state.layers[code] === false } });

  // --- zones ----------------------------------------------------------------------

  const drawZone = () => {
    set({ drawing: [], pointing: false, ask: null });
    document.activeElement?.blur();
  };
  const corner = ({ lon, lat }) => set({ drawing: [...store.state.drawing, [lon, lat]] });
  const cornerHere = () => corner(map.centre());
  const lessCorner = () => set({ drawing: store.state.drawing.slice(0, -1) });

  function finishZone() {
    const ring = store.state.drawing;
    if (ring.length < 3) return toast(gettext("A zone needs at least three corners."), "bad");
    set({ drawing: null, ask: { kind: "zone", ring, name: "" } });
    focus.field("zone-name");
  }

  function ringZone({ kind, radius_m, name }) {
    const centre = currentIncident(store.state) ?? store.state.found ?? map.centre();
    return saveZone({ ring: ringRound(centre, radius_m), name }, kind);
  }

  async function saveZone({ ring, name }, kind) {
    const made = await orToast(api.post("/api/zones/", { id: uuid(), name, kind, ring }));
    if (!made) return;
    set({ ask: null });
    look(ring.map(([lon, lat]) => ({ lon, lat })));
    toast(interpolate(gettext("%(zone)s is on the map."), { zone: made.name }, true));
  }

  const removeZone = (zone) => orToast(api.post(`/api/zones/${zone.id}/remove/`));

  /** A unit by name: as its number in the list where it has one, else with the reason asked. */
  async function assignUnit(unit, incidentId) {
    if (incidentId !== store.state.selection.incident) incidents.select(incidentId);
    await recommend(incidentId);
    const ranked = store.state.recommendations[incidentId]?.ranked ?? [];
    const rank = ranked.findIndex((one) => one.unit_id === unit.id) + 1;
    if (rank) return incidents.assignRank(rank);
    set({ ask: { kind: "override", unitId: unit.id, callSign: unit.call_sign } });
  }

  const askEndAlarm = (alarm) => set({ ask: { kind: "end_alarm", alarm } });

  /** What a digit answers, by the kind of question. */
  const answers = {
    status: (ask, code) => (set({ ask: null }), setStatus(item(store.state.board, "missions", ask.missionId), code)),
    divert_hospital: (ask, code) => set({ ask: { ...ask, kind: "divert_for", reason: code } }),
    divert_for: (ask, minutes) => (set({ ask: null }), orToast(api.post(`/api/hospitals/${ask.hospital.id}/divert/`, { reason: ask.reason, minutes: Number(minutes) }))),
    zone: (ask, code) => saveZone(ask, code),
    end_alarm: (ask, code) => (set({ ask: null }), incidents.endAlarm(ask.alarm, code)),
  };

  return { answers, setStatus, askStatus, addNote, askDivertHospital, openHospital, goToUnit, goToHospital, goAndAskHospitals, showPlace, closeRoadAt, toggleLayer, drawZone, corner, cornerHere, lessCorner, finishZone, ringZone, removeZone, assignUnit, askEndAlarm };
}
