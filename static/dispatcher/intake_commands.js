// What the intake form does with the server: the call's clock, places, triage, duplicates, saving.

import { api, ApiError, orToast, uuid } from "../shared/api.js";
import { nameOf } from "../shared/terms.js";
import { nowIso } from "../shared/time.js";
import { toast } from "../shared/toast.js";
import { currentDraft } from "./console_state.js";
import { incidentBody, missingIn } from "./intake_state.js";

const TYPING_MS = 150;

/** Run only the last of a burst of calls, and drop answers that were overtaken. */
export function debounced(work, wait_ms = TYPING_MS) {
  let timer = null;
  let control = null;
  return (...args) => {
    clearTimeout(timer);
    control?.abort();
    timer = setTimeout(() => {
      control = new AbortController();
      work(control.signal, ...args).catch((error) => {
        // A suggestion that fails must not interrupt a person who is typing.
        if (error.name !== "AbortError" && !(error instanceof ApiError)) throw error;
      });
    }, wait_ms);
  };
}

export const asPlace = (found) => ({
  label: nameOf(found, "label"),
  lat: found.lat,
  lon: found.lon,
  source: found.kind ?? "map",
});

/** Where the map looks, for the search: of equal names the nearer one is meant. */
export function nearOf(map) {
  const { lon, lat } = map.centre();
  return `&lat=${lat.toFixed(5)}&lon=${lon.toFixed(5)}`;
}

export function createIntakeCommands({ store, map, focus, onSaved }) {
  const draft = () => currentDraft(store.state);

  async function newCall() {
    if (draft()) return focus.first();
    const call = { callId: uuid(), incidentId: uuid(), ringAt: nowIso() };
    store.dispatch({ t: "intake/open", ...call });
    focus.first();
    // The answer clock is the server's: it must know of the call before anything is typed.
    await orToast(api.post("/api/calls/", { id: call.callId, number_from: "", ring_at: call.ringAt }));
  }

  function openCall(call) {
    store.dispatch({ t: "intake/open", callId: call.id, incidentId: uuid(), ringAt: call.ring_at, number: call.number_from });
    focus.first();
  }

  const saveNumber = () => {
    const { callId, number, ringAt } = draft();
    return orToast(api.post("/api/calls/", { id: callId, number_from: number.trim(), ring_at: ringAt }));
  };

  const fetchPlaces = debounced(async (signal, text) => {
    const places = await api.get(`/api/places/?q=${encodeURIComponent(text)}${nearOf(map)}`, { signal });
    store.dispatch({ t: "intake/places", text, places });
    // Enter came before the answer: it meant the first of these.
    const { placeEarly, placeText } = draft() ?? {};
    if (!placeEarly || placeText !== text) return;
    store.dispatch({ t: "intake/field", field: "placeEarly", value: false });
    if (!places.length) return;
    choosePlace(places[0]);
    if (document.activeElement?.id === "place") focus.next("place");
  });

  /** On purpose only: what was typed leaves the house. */
  async function searchOnline(text) {
    const answer = await orToast(api.get(`/api/places/online/?q=${encodeURIComponent(text)}${nearOf(map)}`));
    if (!answer) return;
    if (answer.silent) toast(gettext("The online search does not answer. These are the places known here."), "bad");
    else if (!answer.places.length) toast(gettext("The online search knows no such place."), "bad");
    store.dispatch({ t: "intake/places", text, places: answer.places, online: true });
    focus.field("place");
  }

  function typePlace(text) {
    store.dispatch({ t: "intake/place_text", text });
    map.pin(null);
    if (text.trim().length >= 2) fetchPlaces(text);
  }

  const fetchDuplicates = debounced(async (signal, call, { place, complaint, detail, note }) => {
    const words = encodeURIComponent(`${place.label} ${detail} ${note}`.trim().slice(0, 500));
    const duplicates = await api.get(`/api/incidents/duplicates/?lat=${place.lat}&lon=${place.lon}&complaint=${complaint ?? ""}&words=${words}`, { signal });
    store.dispatch({ t: "intake/duplicates", call, duplicates });
  }, 50);

  const fetchTriage = debounced(async (signal, call, complaint, answers) => {
    const triage = await api.post("/api/triage/", { complaint, answers }, { signal });
    store.dispatch({ t: "intake/triage", call, triage });
  }, 50);

  function judge() {
    const { callId, place, complaint, answers, detail, note } = draft();
    if (complaint) fetchTriage(callId, complaint, answers);
    if (place) fetchDuplicates(callId, { place, complaint, detail, note });
  }

  function choosePlace(found) {
    const place = asPlace(found);
    store.dispatch({ t: "intake/place", place });
    map.pin(place);
    map.focus([[place.lon, place.lat]], { maxZoom: 15, left: document.getElementById("work").offsetWidth });
    judge();
  }

  /** A click on the map: the place is the click, its name the nearest address. */
  async function point({ lon, lat }) {
    if (!draft()) return;
    const coordinates = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
    const nearest = await api.get(`/api/places/nearest/?lat=${lat}&lon=${lon}`).catch(() => null);
    const label = (nearest && nameOf(nearest, "label")) || coordinates;
    choosePlace({ label_en: label, label_zh: label, lat, lon, kind: "map" });
  }

  function answer(question, value) {
    store.dispatch({ t: "intake/answer", question, answer: value });
    judge();
  }

  function chooseComplaint(complaint) {
    store.dispatch({ t: "intake/complaint", complaint });
    judge();
  }

  async function save() {
    const now = draft();
    if (!now || now.saving) return;
    const missing = missingIn(now);
    store.dispatch({ t: "intake/field", field: "missing", value: missing });
    if (missing) return focus.field(missing);
    store.dispatch({ t: "intake/field", field: "saving", value: true });
    // The line may have been down when the call was answered: the same call twice is harmless.
    if (!store.state.board.collections.calls?.[now.callId]) await saveNumber();
    const saved = await orToast(api.post("/api/incidents/", incidentBody(now)));
    store.dispatch({ t: "intake/field", call: now.callId, field: "saving", value: false });
    if (!saved) return;
    finish(now.callId);
    onSaved(saved);
  }

  async function attach(incidentId) {
    const { callId } = draft();
    if ((await orToast(api.post(`/api/incidents/${incidentId}/calls/`, { call_id: callId }))) === undefined) return;
    finish(callId);
    store.dispatch({ t: "select/incident", id: incidentId });
    toast(gettext("Call attached to the incident."));
  }

  async function drop() {
    const { callId } = draft();
    if ((await orToast(api.post(`/api/calls/${callId}/close/`))) !== undefined) finish(callId);
  }

  function finish(callId) {
    map.pin(null);
    store.dispatch({ t: "intake/done", callId });
  }

  return { newCall, openCall, saveNumber, searchOnline, typePlace, choosePlace, point, answer, chooseComplaint, save, attach, drop };
}
