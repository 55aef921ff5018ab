// The emergency department's screen: feed → reduce → render, one monitor a card, one chime an alert.

import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { api, orToast } from "../shared/api.js";
import { list } from "../shared/reduce.js";
import { openFeed } from "../shared/feed.js";
import { callsView, ringingIds } from "./calls_view.js";
import { showLink } from "../shared/link.js";
import { now_ms } from "../shared/time.js";
import { afterDrawing, createStore, mount } from "../shared/store.js";
import { cardView } from "./card_view.js";
import { takeOver } from "./door/take_over.js";
import { ownView } from "./own_view.js";
import { emptyView, figuresView, sideView } from "./board_view.js";
import { cardOf, inbound, initialState, reduce, undelivered, unheard } from "./ed_state.js";
import { createMap } from "./ed_map.js";
import { createMonitors } from "./monitors.js";
import { createSound } from "./chime.js";
import { loadPathways, pathwayWork } from "../shared/pathways/pathway_work.js";
import { followPush } from "./push.js";
import { remembered } from "./remembered.js";
import { createSpeaker } from "./speaker.js";

const byId = (id) => document.getElementById(id);
const own = byId("ed").dataset.hospital;
const CATALOGUE_MS = 30_000;
const heard = remembered("onboard-ed-heard");
const store = createStore(reduce, { ...initialState, heard: new Set(heard.all()) });
const sound = createSound(byId("sound"));
const speaker = createSpeaker(sound);
followPush(byId("push"));
const post = (handover, step, body = {}) => orToast(api.post(`/api/handovers/${handover.id}/${step}/`, body));

/** The names of the record's elements; a board without them shows codes, and asks again. */
async function loadCatalogue() {
  try {
    store.dispatch({ t: "set", values: { catalogue: await api.get("/api/record/catalogue/") } });
  } catch {
    setTimeout(loadCatalogue, CATALOGUE_MS);
  }
}
loadCatalogue();
loadPathways((pathways) => store.dispatch({ t: "set", values: { pathways } }));

const monitors = createMonitors((alarm) => orToast(api.post(`/api/alarms/${alarm.id}/acknowledge/`)));
const act = {
  post,
  /** The talk itself is on the desk of the consult. */
  answer: async (consult) => (await orToast(api.post(`/api/consults/${consult.id}/accept/`))) && location.assign("/consult/"),
  declineCall: (consult) => orToast(api.post(`/api/consults/${consult.id}/decline/`, { reason: "busy" })),
  order: (path, body) => orToast(api.post(path, body)),
  select: (id) => store.dispatch({ t: "select", id }),
  seen: (handover) => {
    if (!handover.times.seen) post(handover, "seen");
    if (!handover.looked_at) post(handover, "read");
  },
  read: (handover) => post(handover, "read"),
  open: (id) => act.set({ opened: store.state.opened === id ? null : id }),
  pathways: pathwayWork(),
  monitorOf: monitors.monitorOf,
  set: (values) => store.dispatch({ t: "set", values }),
  declare: (hospital, free) => orToast(api.post(`/api/hospitals/${hospital.id}/beds/`, { free })),
  divert: async (hospital, reason, minutes) => {
    act.set({ diverting: false });
    await orToast(api.post(`/api/hospitals/${hospital.id}/divert/`, { reason, minutes }));
  },
  pictures: (missionId, open) => {
    const pictures = new Set(store.state.pictures);
    if (open) pictures.add(missionId);
    else pictures.delete(missionId);
    act.set({ pictures });
  },
  spoken: async (missionId) => {
    const said = await orToast(api.get(`/api/missions/${missionId}/handover-text/`));
    if (said) act.say(missionId, said);
  },
  speakAs: (missionId, scheme) => act.say(missionId, { scheme }),
  say: (missionId, said) => {
    const before = store.state.spoken ?? {};
    act.set({ spoken: { ...before, [missionId]: { ...before[missionId], ...said } } });
  },
  receiving: (values) => act.set({ receiving: { ...store.state.receiving, ...values } }),
  takeOver: (handover, door, signed) => takeOver(handover, door, signed, act, store),
  takePatients: (hospital) => orToast(api.post(`/api/hospitals/${hospital.id}/open/`)),
};

// How full the wall is decides how much of a card is shown: two can be read whole, twelve at a glance.
const density = (count) => (count <= 2 ? "roomy" : count <= 6 ? "usual" : "tight");

const cardsView = (state) => {
  const rows = inbound(state);
  byId("cards").dataset.density = density(rows.length);
  return rows.length ? repeat(rows, (row) => row.id, (row) => cardView(cardOf(state, row), state, act)) : emptyView(state, own);
};

/** Sound once an alert; delivered only when the card stands on a screen that a person can see. */
function answerNew(state) {
  const fresh = [...unheard(state).map((row) => row.id), ...ringingIds(state, own)];
  if (fresh.length) {
    store.dispatch({ t: "heard", ids: fresh });
    heard.add(fresh);
    sound.chime();
  }
  speaker.say(list(state.board, "handovers"));
  if (document.visibilityState !== "visible") return;
  const shown = undelivered(store.state).filter((row) => document.querySelector(`[data-id="${row.id}"]`));
  if (!shown.length) return;
  store.dispatch({ t: "told", ids: shown.map((row) => row.id) });
  for (const row of shown) deliver(row);
}

async function deliver(row) {
  const stored = await api.post(`/api/handovers/${row.id}/delivered/`).catch(() => null);
  if (!stored) setTimeout(() => store.dispatch({ t: "untold", id: row.id }), 2000);
}

mount(store, byId("calls"), (state) => callsView(state, own, act));
mount(store, byId("cards"), cardsView);
mount(store, byId("side"), (state) => sideView(state, act));
mount(store, byId("own"), (state) => ownView(state, own, act));
mount(store, byId("figures"), figuresView);
const map = createMap(byId("map"), own);
// The card first: without a graphics card the map may keep the page busy for a second.
store.subscribe(afterDrawing(() => map.draw(store.state)));
// A card that has just been drawn mounts its monitor first.
store.subscribe((state) => setTimeout(() => monitors.showAlarms(list(state.board, "alarms")), 300));

// An estimate that nobody renews must not count on: drawn again even when nothing comes.
setInterval(() => act.set({ at_ms: now_ms() }), 5000);

// After the frame that draws the card, and when somebody brings the page back to the front.
store.subscribe(() => setTimeout(() => answerNew(store.state), 300));
document.addEventListener("visibilitychange", () => answerNew(store.state));

openFeed({ path: "/live/ed/", onMessage: store.dispatch, onLink: showLink, since: () => store.state.board.cursor });
