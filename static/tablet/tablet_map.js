// The crew's map: own position, the way, where it leads. It follows until a finger moves it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { openMap } from "../shared/map.js";
import { nameOf } from "../shared/terms.js";
import { wayText } from "./calm_view.js";
import { incidentOf, isUnderWay, unitOf } from "./tablet_state.js";

const routeOf = (state, mission) => (state.route?.missionId === mission.id ? state.route : null);

export function createTabletMap(element, { onFollow }) {
  let map = null;
  let drawn = { units: null, route: null, target: null };
  let following = true;

  function open() {
    const light = document.documentElement.dataset.theme === "contrast";
    map = openMap(element, { theme: light ? "light" : "dark" });
    map.gl?.on("dragstart", () => {
      following = false;
      onFollow(false);
    });
  }

  async function frame(unit, route) {
    const opened = map;
    await opened.ready;
    if (opened !== map || !following) return;
    const ahead = route?.route?.length ? route.route : route ? [[route.lon, route.lat]] : [];
    const own = unit?.fix ? [[unit.fix.lon, unit.fix.lat]] : [];
    map.focus([...own, ...ahead], { maxZoom: 15.5 });
  }

  function draw(state, mission) {
    if (!map) open();
    const unit = unitOf(state);
    const { incidents = {}, hospitals = {}, units = {} } = state.board.collections;
    if (drawn.units !== units || drawn.destination !== mission.destination_id) {
      const incident = incidentOf(state, mission);
      map.show({ units: unit ? [unit] : [], incidents: incident && !mission.times.on_board ? [incident] : [], hospitals: Object.values(hospitals), selection: { unit: unit?.id, hospital: mission.destination_id } });
    }
    const route = routeOf(state, mission);
    if (drawn.route !== route || !drawn.framed) {
      map.routes(route?.route?.length ? [{ points: route.route, kind: "mission" }] : []);
      frame(unit, route);
    }
    drawn = { units, route, destination: mission.destination_id, framed: true };
  }

  return {
    draw,
    follow: (state, mission) => {
      following = true;
      onFollow(true);
      if (map) frame(unitOf(state), routeOf(state, mission));
    },
    close: () => {
      map?.remove();
      map = null;
      drawn = {};
    },
  };
}

/** The line over the map: where to, how far, and the way back to following. */
export function wayView(state, mission, following, recentre) {
  const route = isUnderWay(mission) ? routeOf(state, mission) : null;
  const target = mission.times.on_board ? nameOf(state.board.collections.hospitals?.[mission.destination_id]) : incidentOf(state, mission)?.place_label;
  const far = route && Number.isFinite(route.eta_s) && Number.isFinite(route.distance_m) ? wayText(route) : "";
  return html`${route && target ? html`<p class="way-to"><b class="one-line">→ ${target}</b><span>${far}</span></p>` : ""}
    ${following ? "" : html`<button type="button" class="button" data-act="recentre" @click=${recentre}>${gettext("Follow")}</button>`}`;
}
