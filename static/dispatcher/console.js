// The dispatcher's console: feed → reduce → render, one store, one map, one listener for keys.

import { api, orToast } from "../shared/api.js";
import { openFeed } from "../shared/feed.js";
import { showLink } from "../shared/link.js";
import { createStore, mount } from "../shared/store.js";
import { openMap } from "../shared/map.js";
import { askOptions } from "./ask_view.js";
import { openIncidents } from "./choose.js";
import { crewAlarmsView } from "./crew_alarms_view.js";
import { currentDraft, initialState, reduce } from "./console_state.js";
import { focus } from "./focus.js";
import { helpView } from "./help_view.js";
import { coverageView } from "./coverage_view.js";
import { createCoverage } from "./coverage_work.js";
import { createIncidentCommands } from "./incident_commands.js";
import { incidentView } from "./incident_view.js";
import { createIntakeCommands } from "./intake_commands.js";
import { intakeView } from "./intake_view.js";
import { handleKey } from "./keys.js";
import { createMapWork } from "./map_work.js";
import { queueView } from "./queue_view.js";
import { roadsView } from "./roads_view.js";
import { stripView } from "./strip_view.js";
import { summaryView } from "./summary_view.js";
import { unitsView } from "./units_view.js";

// Vehicles move: the road of a mission in view is asked for again this often.
const ROUTE_MS = 10000;
const byId = (id) => document.getElementById(id);
const store = createStore(reduce, initialState);
const set = (values) => store.dispatch({ t: "set", values });

const map = openMap(byId("map"), {
  theme: "dark",
  onPick: (kind, id) => {
    if (kind === "incidents") act.select(id);
    else if (kind === "units") act.selectUnit({ id });
    else store.dispatch({ t: "select/hospital", id });
  },
  onPoint: (place) => (store.state.pointing ? set({ pointing: false, ask: { kind: "closure", ...place } }) : act.point(place)),
});

const { showOnMap, look, drawMap } = createMapWork({ store, map });
const coverage = createCoverage({ store, map });
const incidents = createIncidentCommands({ store, focus, look, refuseMove: coverage.refuseMove });
const intake = createIntakeCommands({ store, map, focus, onSaved: incidents.saved });

function selectFirstWaiting() {
  const { waiting, served } = openIncidents(store.state.board);
  const first = waiting[0] ?? served[0];
  if (first) incidents.select(first.id);
}

const act = {
  ...incidents,
  ...intake,
  ...coverage,
  ...focus,
  set,
  dispatch: store.dispatch,
  selectFirstWaiting,
  showOnMap,
  showAlarm: (alarm) => map.focus([[alarm.lon, alarm.lat]], { maxZoom: 16, left: store.state.panel ? byId("work").offsetWidth : 0 }),
  pointAtRoad: () => set({ pointing: true, ask: null }),
  selectUnit: (unit) => store.dispatch({ t: "select/unit", id: unit.id }),
  attachNearest: () => {
    const [nearest] = currentDraft(store.state)?.duplicates ?? [];
    return nearest ? intake.attach(nearest.incident_id) : null;
  },
  pickOption: (digit) => {
    const option = askOptions(store.state)[digit - 1];
    return option ? incidents.answerAsk(option[0]) : null;
  },
  toggleHelp: () => {
    set({ help: !store.state.help });
    focus.help();
  },
  back: () => {
    const { help, panel } = store.state;
    if (panel === "intake" && !help) map.pin(null);
    if (document.activeElement?.id === "find-unit") {
      document.activeElement.blur();
      return set({ unitText: "" });
    }
    store.dispatch({ t: "back" });
    if (!help && byId("work").contains(document.activeElement)) document.activeElement.blur();
  },
};

function drawWork(state) {
  const shown = state.panel === "intake" ? currentDraft(state) !== null : state.panel === "incident";
  byId("work").hidden = !shown;
  byId("main").classList.toggle("journal-open", state.journalOpen);
  return state.panel === "intake" ? intakeView(state, act) : shown ? incidentView(state, act) : "";
}

mount(store, byId("crew-alarms"), (state) => crewAlarmsView(state, act));
mount(store, byId("queue"), (state) => queueView(state, act));
mount(store, byId("work"), drawWork);
mount(store, byId("units"), (state) => unitsView(state, act));
mount(store, byId("coverage"), (state) => coverageView(state, act));
mount(store, byId("roads"), (state) => roadsView(state, act));
mount(store, byId("strip"), (state) => stripView(state, act));
mount(store, byId("summary"), summaryView);
mount(store, byId("help"), (state) => helpView(state, act));
store.subscribe(drawMap);
addEventListener("keydown", (event) => handleKey(event, store.state, act) && event.preventDefault());
byId("show-help").addEventListener("click", act.toggleHelp);

setInterval(incidents.followRoutes, ROUTE_MS);

openFeed({ path: "/live/console/", onMessage: store.dispatch, onLink: showLink, since: () => store.state.board.cursor });
const protocol = await orToast(api.get("/api/protocol/"));
if (protocol) set({ protocol });
