// The dispatcher's console: feed → reduce → render, one store, one map, one listener for keys.
// /console/map/ and its like show one part alone, in a window that follows the selection of this one.

import { api, orToast } from "../shared/api.js";
import { createBatch } from "../shared/batch.js";
import { openFeed } from "../shared/feed.js";
import { showLink } from "../shared/link.js";
import { openMap } from "../shared/map.js";
import { loadPathways, pathwayWork } from "../shared/pathways/pathway_work.js";
import { createStore, mount } from "../shared/store.js";
import { me } from "../shared/terms.js";
import { alertsView, soundView } from "./alerts_view.js";
import { createBarCommands } from "./bar_commands.js";
import { commandBarView } from "./command_bar_view.js";
import { currentDraft, initialState, reduce } from "./console_state.js";
import { crewAlarmsView } from "./crew_alarms_view.js";
import { createDeskCommands } from "./desk_commands.js";
import { focus } from "./focus.js";
import { helpView } from "./help_view.js";
import { coverageView } from "./coverage_view.js";
import { createCoverage } from "./coverage_work.js";
import { createIncidentCommands } from "./incident_commands.js";
import { incidentView } from "./incident_view.js";
import { createIntakeCommands, nearOf } from "./intake_commands.js";
import { intakeView } from "./intake_view.js";
import { journalView } from "./journal_view.js";
import { handleKey } from "./keys.js";
import { createMapWork } from "./map_work.js";
import { queueView } from "./queue_view.js";
import { createPosting } from "./posting_work.js";
import { createReplayCommands } from "./replay_commands.js";
import { replayView } from "./replay_view.js";
import { roadsView } from "./roads_view.js";
import { createScreenCommands } from "./screen_commands.js";
import { summaryView } from "./summary_view.js";
import { unitsView } from "./units_view.js";
import { createWatch } from "./watch.js";
import { createWindows } from "./windows.js";

// Vehicles move: the road of a mission in view is asked for again this often.
const ROUTE_MS = 10000;
// Units send once a second: twice that is all that an eye can follow in a list.
const POSITIONS_MS = 500;
const byId = (id) => document.getElementById(id);
const part = byId("main").dataset.part || null;
const store = createStore(reduce, { ...initialState, part });
const set = (values) => store.dispatch({ t: "set", values });

const map = openMap(byId("map"), {
  theme: "dark",
  onPick: (kind, id) => {
    if (kind === "incidents") act.select(id);
    else if (kind === "units") act.selectUnit({ id });
    else store.dispatch({ t: "select/hospital", id });
  },
  onPoint: (place) => {
    if (store.state.drawing) return act.corner(place);
    if (store.state.pointing) return set({ pointing: false, ask: { kind: "closure", ...place } });
    return part ? windows.point(place) : act.point(place);
  },
});

const { showOnMap, look, drawMap } = createMapWork({ store, map });
const coverage = createCoverage({ store, map });
const incidents = createIncidentCommands({ store, focus, look, refuseMove: coverage.refuseMove, answers: () => ({ ...desk.answers, ...posting.answers }) });
const desk = createDeskCommands({ store, map, focus, incidents, recommend: incidents.recommend });
const intake = createIntakeCommands({ store, map, focus, onSaved: incidents.saved });
const bar = createBarCommands({ store, focus, near: () => nearOf(map), act: () => act });
const posting = createPosting({ store, openBar: bar.openBar });
const windows = createWindows({ person: me().id, store, select: incidents.select, onPoint: intake.point });
const watch = createWatch({ store, person: me().id });

const act = {
  ...incidents,
  ...intake,
  ...coverage,
  ...focus,
  ...desk,
  ...bar,
  ...posting,
  ...createReplayCommands({ store, map, focus }),
  ...createScreenCommands({ store, map, focus, act: () => act }),
  pathways: pathwayWork(),
  prealert: (mission, hospitalId) => orToast(api.post(`/api/missions/${mission.id}/prealert/`, { hospital_id: hospitalId })),
  part,
  geocoder: byId("main").dataset.geocoder,
  set,
  dispatch: store.dispatch,
  showOnMap,
  toggleSound: watch.toggle,
  sawAlerts: watch.saw,
};

function drawWork(state) {
  const shown = !part && (state.panel === "intake" ? currentDraft(state) !== null : state.panel === "incident");
  byId("work").hidden = !shown;
  byId("main").classList.toggle("journal-closed", !state.journalOpen);
  return state.panel === "intake" ? intakeView(state, act) : shown ? incidentView(state, act) : "";
}

mount(store, byId("crew-alarms"), (state) => crewAlarmsView(state, act));
mount(store, byId("alerts"), (state) => alertsView(state, act));
mount(store, byId("sound"), (state) => soundView(state, act));
mount(store, byId("queue"), (state) => queueView(state, act));
mount(store, byId("work"), drawWork);
mount(store, byId("units"), (state) => unitsView(state, act));
mount(store, byId("coverage"), (state) => coverageView(state, act));
mount(store, byId("roads"), (state) => roadsView(state, act));
mount(store, byId("replay"), (state) => replayView(state, act));
mount(store, byId("journal"), (state) => journalView(state, act));
mount(store, byId("summary"), summaryView);
mount(store, byId("help"), (state) => helpView(state, act));
mount(store, byId("bar"), (state) => commandBarView(state, act));
store.subscribe(drawMap);
addEventListener("keydown", (event) => handleKey(event, store.state, act) && event.preventDefault());
byId("show-help").addEventListener("click", act.toggleHelp);
byId("show-bar").addEventListener("click", () => act.openBar());

if (!part) setInterval(incidents.followRoutes, ROUTE_MS);

openFeed({ path: "/live/console/", onMessage: createBatch(store.dispatch, POSITIONS_MS), onLink: showLink, since: () => store.state.board.cursor });
const protocol = await orToast(api.get("/api/protocol/"));
if (protocol) set({ protocol });
posting.fetchPosts();
loadPathways((pathways) => set({ pathways }));
