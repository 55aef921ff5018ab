// The paramedic's tablet: feed → reduce → render; taps go through the queue.

import { mountMonitor } from "../shared/monitor.js";
import { afterDrawing, createStore, mount } from "../shared/store.js";
import { me } from "../shared/terms.js";
import { followArrest } from "./arrest/arrest_view.js";
import { showOnAir } from "./camera/camera_panel.js";
import { createCameras } from "./camera/cameras.js";
import { createCommands } from "./commands.js";
import { bannerView } from "./consult/consult_view.js";
import { followConsult } from "./consult/consult_work.js";
import { createAlarmSound } from "./lock/alarm_sound.js";
import { lockView, newPinView } from "./lock/lock_view.js";
import { handoverView } from "./handover_view.js";
import { orderView, standbyView } from "./calm_view.js";
import { headView, pathView, stepsView, undoView } from "./mission_view.js";
import { followNight } from "./night.js";
import { openWorkplace } from "./offline/workplace.js";
import { followVitals } from "./panels/vitals_panel.js";
import { pathwaysView } from "./pathways_view.js";
import { createQueue } from "./queue.js";
import { recordView } from "./record_view.js";
import { followRecording } from "./recording/tablet_recording.js";
import { loadReference } from "./reference.js";
import { followSafety, safetyView } from "./safety.js";
import { sheetView } from "./sheet_view.js";
import { createTabletMap, wayView } from "./tablet_map.js";
import { alarmsOf, handoverOf, initialState, isPosting, missionOf, reduce } from "./tablet_state.js";
import { followTools } from "./tools.js";
import { showWaiting } from "./waiting.js";

const ROUTE_MS = 10_000;
const MONITORED = ["on_scene", "at_patient", "on_board", "left_scene", "at_destination", "handed_over"];
const byId = (id) => document.getElementById(id);
const store = createStore(reduce, initialState);
export const queue = createQueue({
  userId: me().id,
  onChange: (jobs) => store.dispatch({ t: "jobs", jobs }),
  onSync: (synced_at) => store.dispatch({ t: "set", values: { synced_at } }),
  onSignIn: () => store.dispatch({ t: "set", values: { signedOut: true } }),
});
const act = createCommands({ store, queue });
act.cameras = createCameras(store);
const map = createTabletMap(byId("map"), { onFollow: (following) => act.set({ following }) });

act.consult = followConsult({ store, queue, missionOf, element: byId("shown"), trackOf: (stream) => act.cameras?.trackOf(stream) ?? null });

const hear = createAlarmSound();

let monitor = null;
let watched = null;

function followMonitor(mission) {
  const wanted = mission && !isPosting(mission) && MONITORED.includes(mission.state) ? mission.id : null;
  byId("monitor").hidden = !wanted;
  if (wanted === watched) return;
  monitor?.unmount();
  monitor = null;
  watched = wanted;
  if (wanted) openMonitor();
}

// What was written shows first.
const openMonitor = afterDrawing(() => {
  if (!watched || monitor) return;
  monitor = mountMonitor(byId("monitor"), { missionId: watched, compact: true, onAcknowledge: act.acknowledge });
  monitor.showAlarms(alarmsOf(store.state, watched));
});

function follow(state) {
  const mission = missionOf(state);
  const working = Boolean(mission) && mission.state !== "assigned";
  byId("working").hidden = !working;
  byId("calm").hidden = working;
  byId("record").hidden = Boolean(mission) && isPosting(mission);
  followMonitor(mission);
  monitor?.showAlarms(alarmsOf(state, watched));
  hear(alarmsOf(state, watched));
  if (working && !state.lock) map.draw(state, mission);
  showOnAir(byId("on-air"), state, () => act.open("camera"));
  showWaiting(byId("waiting"), state, () => act.set({ sheet: "refused" }));
}

const withMission = (view) => (state) => {
  const mission = missionOf(state);
  return mission ? view(state, mission, act) : "";
};
mount(store, byId("calm"), (state) => withMission(orderView)(state) || standbyView(state, act));
mount(store, byId("safety"), (state) => safetyView(state, act));
mount(store, byId("consult"), (state) => bannerView(state, missionOf(state), act));
mount(store, byId("head"), withMission(headView));
mount(store, byId("steps"), withMission(stepsView));
mount(store, byId("path"), withMission((state, mission) => pathView(mission)));
mount(store, byId("handover"), withMission((state, mission) => handoverView(state, handoverOf(state, mission), mission, act)));
mount(store, byId("pathways"), (state) => (state.lock ? "" : withMission(pathwaysView)(state)));
mount(store, byId("way"), withMission((state, mission) => wayView(state, mission, state.following, () => map.follow(store.state, mission))));
// Locked, nothing of the record stays in the page, not even under what covers it.
mount(store, byId("record"), (state) => (state.lock ? "" : withMission(recordView)(state)));
mount(store, byId("sheet"), (state) => sheetView(state, missionOf(state), act));
mount(store, byId("undo"), (state) => undoView(state, act));
store.subscribe(follow);
follow(store.state);

followSafety(byId("sos"), { store, queue });

/** A mission that was put away stays away when the page is loaded again. */
function keepDismissed() {
  store.dispatch({ t: "set", values: { dismissed: sessionStorage.getItem("onboard-dismissed") } });
  store.subscribe(({ dismissed }) => dismissed && sessionStorage.setItem("onboard-dismissed", dismissed));
}

let routed = null;
function followRoute() {
  const mission = missionOf(store.state);
  if (mission?.open) act.followRoute(mission);
}
store.subscribe((state) => {
  const mission = missionOf(state);
  const key = mission && `${mission.id} ${mission.destination_id} ${mission.state}`;
  if (key === routed) return;
  routed = key;
  followRoute();
});
setInterval(followRoute, ROUTE_MS);

followNight(byId("night"), () => {
  map.close();
  follow(store.state);
});

const workplace = await openWorkplace({ store, queue, ...followRecording(byId("recording-state")) });
mount(store, byId("lock-keys"), (state) => lockView(state.lock, workplace));
mount(store, byId("new-pin"), (state) => newPinView(state.pin, workplace));
followTools({ store, act, workplace });
loadReference(store);
followArrest(store, missionOf);
keepDismissed();
followVitals(store, act, missionOf);
