// The paramedic's tablet: feed → reduce → render; taps go through the queue.

import { openFeed } from "../shared/feed.js";
import { showLink } from "../shared/link.js";
import { openMap } from "../shared/map.js";
import { mountMonitor } from "../shared/monitor.js";
import { createStore, mount } from "../shared/store.js";
import { me } from "../shared/terms.js";
import { createCommands } from "./commands.js";
import { headView, orderView, pathView, standbyView, stepsView, undoView } from "./mission_view.js";
import { openQueue } from "./queue.js";
import { recordView } from "./record_view.js";
import { handoverView, sheetView } from "./sheet_view.js";
import { handoverOf, initialState, missionOf, reduce, unitOf } from "./tablet_state.js";

const ROUTE_MS = 10_000;
const MONITORED = ["at_patient", "on_board", "left_scene", "at_destination", "handed_over"];
const byId = (id) => document.getElementById(id);
const store = createStore(reduce, initialState);
const queue = await openQueue({ userId: me().id, onChange: (jobs) => store.dispatch({ t: "jobs", jobs }) });
const act = createCommands({ store, queue });

let monitor = null;
let watched = null;
let map = null;
let drawn = null;

function followMonitor(mission) {
  const wanted = mission && MONITORED.includes(mission.state) ? mission.id : null;
  byId("monitor").hidden = !wanted;
  if (wanted === watched) return;
  monitor?.unmount();
  monitor = wanted ? mountMonitor(byId("monitor"), { missionId: wanted, compact: true }) : null;
  watched = wanted;
}

function followMap(state, mission) {
  if (!mission) return;
  map ??= openMap(byId("map"), { theme: document.documentElement.dataset.theme === "contrast" ? "light" : "dark" });
  const unit = unitOf(state);
  const { incidents = {}, hospitals = {} } = state.board.collections;
  map.show({ units: unit ? [unit] : [], incidents: mission.times.on_board ? [] : Object.values(incidents), hospitals: Object.values(hospitals), selection: { unit: unit?.id, hospital: mission.destination_id } });
  const route = state.route?.missionId === mission.id ? state.route.route : [];
  if (route === drawn) return;
  const first = !drawn?.length && route.length;
  drawn = route;
  map.routes(route.length ? [{ id: "way", points: route, kind: "chosen" }] : []);
  if (first) map.focus(route, { maxZoom: 15 });
}

function follow(state) {
  const mission = missionOf(state);
  document.body.dataset.mission = mission ? mission.state : "none";
  byId("working").hidden = !mission || mission.state === "assigned";
  byId("calm").hidden = Boolean(mission) && mission.state !== "assigned";
  followMonitor(mission);
  if (mission && mission.state !== "assigned") followMap(state, mission);
  const waiting = byId("waiting");
  waiting.hidden = state.jobs.length === 0;
  waiting.textContent = interpolate(ngettext("%(count)s waiting to send", "%(count)s waiting to send", state.jobs.length), { count: state.jobs.length }, true);
}

const withMission = (view) => (state) => {
  const mission = missionOf(state);
  return mission ? view(state, mission, act) : "";
};
mount(store, byId("calm"), (state) => {
  const mission = missionOf(state);
  return mission ? orderView(state, mission, act) : standbyView(state);
});
mount(store, byId("head"), withMission(headView));
mount(store, byId("steps"), withMission(stepsView));
mount(store, byId("path"), withMission((state, mission) => pathView(mission)));
mount(store, byId("handover"), withMission((state, mission) => handoverView(state, handoverOf(state, mission))));
mount(store, byId("record"), withMission(recordView));
mount(store, byId("sheet"), withMission(sheetView));
mount(store, byId("undo"), (state) => undoView(state, act));
store.subscribe(follow);
follow(store.state);

let routed = null;
function followRoute() {
  const mission = missionOf(store.state);
  if (mission?.open) act.followRoute(mission);
}
store.subscribe((state) => {
  const mission = missionOf(state);
  const key = mission && `${mission.id} ${mission.destination_id} ${mission.state}`;
  if (key !== routed) {
    routed = key;
    followRoute();
  }
});
setInterval(followRoute, ROUTE_MS);

const night = byId("night");
const setTheme = (theme) => {
  document.documentElement.dataset.theme = theme;
  night.setAttribute("aria-pressed", String(theme !== "contrast"));
  localStorage.setItem("onboard-theme", theme);
};
setTheme(localStorage.getItem("onboard-theme") ?? "contrast");
night.addEventListener("click", () => {
  setTheme(document.documentElement.dataset.theme === "contrast" ? "contrast-night" : "contrast");
  map?.remove();
  map = drawn = null;
  follow(store.state);
});

openFeed({ path: "/live/tablet/", onMessage: store.dispatch, onLink: showLink, since: () => store.state.board.cursor });
