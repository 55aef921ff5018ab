// The crew's map: own position, the way, where it leads. It follows until a finger moves it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { nameOf, placeOf } from "../shared/terms.js";
import { wayText } from "./calm_view.js";
import { incidentOf, isUnderWay, unitOf } from "./tablet_state.js";

const routeOf = (state, mission) => (state.route?.missionId === mission.id ? state.route : null);

// A new frame moves the camera, and moving it is dear on a weak tablet: only when the way has visibly shortened.
const SHORTER = 0.6;

// The drawing of maps is a megabyte of script: what was written shows first.
const AT_LEAST_MS = 3000;
const idle = () => new Promise((resolve) => (window.requestIdleCallback ? requestIdleCallback(resolve, { timeout: AT_LEAST_MS }) : setTimeout(resolve, 200)));

/** Where the vehicle is going, as a key: when it changes, the map looks there. */
const targetOf = (route) => (route ? `${route.target} ${route.lat} ${route.lon}` : "");

export function createTabletMap(element, { onFollow }) {
  let map = null;
  let drawn = {};
  let framed = null; // {target, distance_m} of the last frame
  let following = true;
  let opening = false;
  let newest = null; // what to draw once the map is there
  const resized = new ResizeObserver(() => (framed = null));

  async function open() {
    if (opening) return;
    opening = true;
    await idle();
    const drawing = await import("../shared/map.js").catch(() => null);
    opening = false;
    if (!drawing) return; // no connection and not kept here: the next drawing tries again
    const { openMap } = drawing;
    const light = document.documentElement.dataset.theme === "contrast";
    map = openMap(element, { theme: light ? "light" : "dark" });
    map.gl?.on("dragstart", () => {
      following = false;
      onFollow(false);
    });
    resized.observe(element);
    draw(...newest);
  }

  async function frame(unit, route) {
    const wanted = { target: targetOf(route), distance_m: route?.distance_m ?? 0 };
    if (framed && framed.target === wanted.target && wanted.distance_m > framed.distance_m * SHORTER) return;
    framed = wanted;
    const opened = map;
    await opened.ready;
    if (opened !== map || !following) return;
    const ahead = route?.route?.length ? route.route : route ? [[route.lon, route.lat]] : [];
    const own = unit?.fix ? [[unit.fix.lon, unit.fix.lat]] : [];
    map.focus([...own, ...ahead], { maxZoom: 15.5 });
  }

  /** Only what changed is given to the map: each source that is set anew draws the whole map again. */
  function draw(state, mission) {
    newest = [state, mission];
    if (!map) return open();
    const { incidents, hospitals, units } = state.board.collections;
    const unit = unitOf(state);
    const next = { units, incidents, hospitals, destination: mission.destination_id, boarded: Boolean(mission.times.on_board), route: routeOf(state, mission) };
    const changed = (...names) => names.some((name) => drawn[name] !== next[name]);
    if (changed("incidents", "hospitals", "destination", "boarded")) {
      const incident = incidentOf(state, mission);
      map.show({ incidents: incident && !next.boarded ? [incident] : [], hospitals: Object.values(hospitals ?? {}), selection: { unit: unit?.id, hospital: mission.destination_id } });
    }
    if (changed("units")) map.show({ units: unit ? [unit] : [] });
    if (changed("route")) map.routes(next.route?.route?.length ? [{ points: next.route.route, kind: "mission" }] : []);
    if (changed("route") || !framed) frame(unit, next.route);
    drawn = next;
  }

  return {
    draw,
    follow: (state, mission) => {
      following = true;
      framed = null;
      onFollow(true);
      if (map) frame(unitOf(state), routeOf(state, mission));
    },
    close: () => {
      resized.disconnect();
      map?.remove();
      map = null;
      drawn = {};
      framed = null;
    },
  };
}

/** The line over the map: where to, how far, and the way back to following. */
export function wayView(state, mission, following, recentre) {
  const route = isUnderWay(mission) ? routeOf(state, mission) : null;
  const target = mission.times.on_board ? nameOf(state.board.collections.hospitals?.[mission.destination_id]) : placeOf(incidentOf(state, mission));
  const far = route && Number.isFinite(route.eta_s) && Number.isFinite(route.distance_m) ? wayText(route) : "";
  return html`${route && target ? html`<p class="way-to"><b class="one-line">→ ${target}</b><span>${far}</span></p>` : ""}
    ${following ? "" : html`<button type="button" class="button" data-act="recentre" @click=${recentre}>${gettext("Follow")}</button>`}`;
}
