// The map of every screen: base map from this server, moving units, incidents, hospitals, routes.
// Without WebGL a plain map with the same methods is drawn instead: see plain_map.js.

import { addControls, createGl, timePictures } from "./map_canvas.js";
import { boundsOf, incidentFeatures, placeFeatures, routeFeatures, signature, trackFeatures, unitFeatures, zoneFeatures } from "./map_features.js";
import { addIcons } from "./map_icons.js";
import { addLayers, PICKABLE } from "./map_layers.js";
import { createMotion, framePace_ms, sharpness } from "./map_motion.js";
import { openPlainMap } from "./plain_map.js";
import { nameOf } from "./terms.js";
import { now_ms } from "./time.js";

const RESTALE_MS = 5000;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Open a map in `element`.
 * theme 'dark' | 'light'; bounds [[w,s],[e,n]] or centre [lon, lat] + zoom, else the style's own view;
 * onPick(kind, id) for 'units' | 'incidents' | 'hospitals'; onPoint({lon, lat}) for a click on bare map.
 */
export function openMap(element, { theme = "dark", bounds, centre, zoom, controls = true, onPick = () => {}, onPoint = () => {} } = {}) {
  let map;
  try {
    map = createGl(element, { theme, bounds, centre, zoom });
  } catch {
    return openPlainMap(element, { bounds, centre, onPick, onPoint });
  }
  const motion = createMotion();
  let shown = { units: [], incidents: [], hospitals: [], stations: [], closures: [], alarms: [], zones: [], selection: {}, dim: {} };
  let lines = [];
  let pinned = null;
  let track = null;
  let draft = null;
  let squares = { type: "FeatureCollection", features: [] };
  let hidden = {};
  let loaded = false;
  let bare = false;
  let frame = null;
  let drawn_ms = 0;
  let drawnPicture = null;
  let due = false; // something changed that is not drawn yet
  let spent_ms = 0;
  let lag_ms = 0;
  let sharp = 1;

  const put = (name, data) => map.getSource(`ob-${name}`)?.setData(data);

  function drawUnits() {
    const at_ms = now_ms();
    const where = (unit) => motion.at(unit.id, performance.now()) ?? [unit.fix.lon, unit.fix.lat];
    const features = unitFeatures(shown.units, { at_ms, where, selected: shown.selection.unit, dim: shown.dim.units });
    // Drawing the whole map again is dear without a graphics card: only when somebody could see it.
    const picture = signature(features, map.getZoom());
    if (picture === drawnPicture) return;
    drawnPicture = picture;
    put("units", features);
  }

  function drawRest() {
    put("incidents", incidentFeatures(shown.incidents, { selected: shown.selection.incident, dim: shown.dim.incidents }));
    put("hospitals", placeFeatures(shown.hospitals, { kind: "hospital", name: nameOf, selected: shown.selection.hospital }));
    put("stations", placeFeatures(shown.stations, { kind: "station", name: nameOf }));
    put("closures", placeFeatures(shown.closures, { kind: "closure", name: nameOf }));
    put("alarms", placeFeatures(shown.alarms, { kind: "alarm", name: (alarm) => alarm.call_sign }));
    put("zones", zoneFeatures(shown.zones, draft));
    put("coverage", squares);
    put("track", trackFeatures(track));
    put("routes", routeFeatures(lines));
    put("pin", placeFeatures(pinned ? [{ id: "pin", ...pinned }] : [], { kind: "pin", name: () => "" }));
  }

  function animate(at_ms) {
    frame = null;
    if (at_ms - drawn_ms >= framePace_ms(map.getZoom(), lag_ms)) {
      drawn_ms = at_ms;
      due = false;
      keepUp();
      drawUnits();
    }
    if (due || motion.moving(at_ms)) frame = requestAnimationFrame(animate);
  }

  /** What the pictures since the last drawing cost tells whether this desk can keep up: one drawing makes several. */
  function keepUp() {
    lag_ms = 0.7 * lag_ms + 0.3 * spent_ms;
    spent_ms = 0;
    const wanted = sharpness(sharp, lag_ms);
    if (wanted !== sharp) map.setPixelRatio(window.devicePixelRatio * wanted);
    sharp = wanted;
  }

  /** Draw these items. Only what the caller names is replaced. selection {unit, incident, hospital}; dim {units(fn), incidents(fn)}. */
  function show(next) {
    const before = shown;
    shown = { ...shown, ...next };
    if (!calm()) for (const unit of shown.units) if (unit.fix) motion.take(unit, performance.now());
    if (!loaded) return;
    if (["incidents", "hospitals", "stations", "closures", "alarms", "zones", "selection", "dim"].some((name) => before[name] !== shown[name])) drawRest();
    if (before.units !== shown.units || before.selection !== shown.selection || before.dim !== shown.dim) {
      due = true;
      frame ??= requestAnimationFrame(animate);
    }
  }

  /** layers {name: false} hides that layer. */
  function hide(layers) {
    hidden = layers;
    if (!loaded) return;
    for (const { id, source } of map.getStyle().layers) {
      if (source?.startsWith("ob-")) map.setLayoutProperty(id, "visibility", hidden[source.slice(3)] === false ? "none" : "visible");
    }
  }

  function listen() {
    const layers = Object.values(PICKABLE);
    const hit = ({ x, y }) => map.queryRenderedFeatures([[x - 6, y - 6], [x + 6, y + 6]], { layers })[0];
    map.on("click", (event) => {
      const found = hit(event.point);
      if (!found) return onPoint({ lon: event.lngLat.lng, lat: event.lngLat.lat });
      const [kind] = Object.entries(PICKABLE).find(([, layer]) => layer === found.layer.id);
      return onPick(kind, found.properties.id);
    });
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = hit(event.point) ? "pointer" : "";
    });
  }

  if (controls) addControls(map);
  timePictures(map, (took_ms) => (spent_ms += took_ms));
  const ready = new Promise((resolve) => {
    // Not "load": that waits for every tile, and units must not wait for the base map.
    map.on("style.load", () => {
      addIcons(map);
      addLayers(map);
      listen();
      loaded = true;
      hide(hidden);
      drawRest();
      drawUnits();
      resolve();
    });
  });
  map.on("error", ({ error }) => {
    // Without a base map the units are still worth seeing: draw them on bare ground.
    if (loaded || bare || !/style\.json/.test(error?.url ?? error?.message ?? "")) return;
    bare = true;
    map.setStyle({ version: 8, sources: {}, layers: [] });
  });
  const restale = setInterval(() => loaded && drawUnits(), RESTALE_MS);

  return {
    available: true,
    ready,
    gl: map,
    show,
    routes: (next) => {
      lines = next;
      if (loaded) put("routes", routeFeatures(lines));
    },
    /** {lon, lat} or null: the place being entered. */
    pin: (place) => {
      pinned = place;
      if (loaded) drawRest();
    },
    /** A replayed track (see trackFeatures), null for none. */
    track: (next) => {
      track = next;
      if (loaded) put("track", trackFeatures(track));
    },
    /** Squares of expected coverage: features with a colour, a level and a weight; none hides them. */
    coverage: (next) => {
      squares = next;
      if (loaded) put("coverage", squares);
    },
    /** The corners of the zone being drawn, null for none. */
    draft: (corners) => {
      draft = corners;
      if (loaded) put("zones", zoneFeatures(shown.zones, draft));
    },
    hide,
    centre: () => ({ lon: map.getCenter().lng, lat: map.getCenter().lat }),
    panBy: (x, y) => map.panBy([x, y], { duration: 0 }),
    zoomBy: (steps) => map.zoomTo(map.getZoom() + steps, { duration: calm() ? 0 : 200 }),
    /** Bring [[lon, lat], …] into view; `left` pixels are hidden behind a panel. */
    focus: (points, { maxZoom = 15, left = 0 } = {}) => {
      const box = boundsOf(points.filter(([lon, lat]) => Number.isFinite(lon) && Number.isFinite(lat)));
      const edge = Math.min(70, Math.min(element.clientWidth, element.clientHeight) / 5); // a small map has no room for more
      const padding = { top: edge, right: edge, bottom: edge, left: edge + left };
      if (box) map.fitBounds(box, { padding, maxZoom, duration: calm() ? 0 : 500 });
    },
    resize: () => map.resize(),
    remove: () => {
      clearInterval(restale);
      if (frame) cancelAnimationFrame(frame);
      map.remove();
    },
  };
}
