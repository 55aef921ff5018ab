// The map for a desk without WebGL, on a plain canvas: main roads, zones, routes, closures, hospitals, calls, units.
// The same methods as map.js, so that callers need not ask. Worked by pointer, wheel and keys (arrows, + and −).

import { boundsOf } from "./map_features.js";
import { createPainter } from "./plain_painter.js";
import { LEAST_ZOOM, MOST_ZOOM, toPixels, toPlace, viewOf } from "./plain_projection.js";

const HIT_PX = 14;
const STEP_PX = 120;
const MOVED_MS = 1000;
const FALLBACK = { lon: 0, lat: 20, zoom: LEAST_ZOOM };

export function openPlainMap(element, { bounds, centre, onPick = () => {}, onPoint = () => {} } = {}) {
  const canvas = document.createElement("canvas");
  canvas.className = "plain-map";
  canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", gettext("Map, simplified: arrows move it, + and − zoom"));
  const note = document.createElement("p");
  note.className = "plain-map-note small";
  note.textContent = gettext("Simplified map: this desk has no WebGL.");
  element.append(canvas, note);
  const painter = createPainter(canvas);
  let shown = { units: [], incidents: [], hospitals: [], closures: [], alarms: [], zones: [], selection: {}, dim: {} };
  let more = { roads: [], lines: [], pin: null, track: null, draft: null, squares: [], hidden: {} };
  let view = centre ? { lon: centre[0], lat: centre[1], zoom: 12 } : null;
  let frame = null;
  let later = null;

  const size = () => ({ width: element.clientWidth, height: element.clientHeight });
  const draw = () => {
    frame = null;
    painter.draw({ ...shown, ...more }, view ?? FALLBACK, size());
  };
  const ask = () => (frame ??= requestAnimationFrame(draw));
  // Vehicles that moved wait: a whole canvas is drawn anew for each picture.
  const askLater = () => (later ??= setTimeout(() => ((later = null), ask()), MOVED_MS));
  const look = (next) => {
    view = { ...(view ?? FALLBACK), ...next };
    view.zoom = Math.max(LEAST_ZOOM, Math.min(MOST_ZOOM, view.zoom));
    ask();
  };
  const fit = (box, options) => look(viewOf(box, size(), options));
  const at = (event) => toPlace([event.offsetX, event.offsetY], view ?? FALLBACK, size());

  function panBy(x, y) {
    const { width, height } = size();
    const [lon, lat] = toPlace([width / 2 + x, height / 2 + y], view ?? FALLBACK, { width, height });
    look({ lon, lat });
  }
  const zoomBy = (steps) => look({ zoom: (view ?? FALLBACK).zoom + steps });

  /** The thing under the pointer: units above incidents above hospitals, as they are drawn. */
  function hit({ offsetX, offsetY }) {
    const near = ([lon, lat]) => {
      const [x, y] = toPixels([lon, lat], view ?? FALLBACK, size());
      return Math.hypot(x - offsetX, y - offsetY) < HIT_PX;
    };
    for (const kind of ["units", "incidents", "hospitals"]) {
      const found = more.hidden[kind] === false ? null : shown[kind].find((one) => (one.fix ?? one).lon !== undefined && near([(one.fix ?? one).lon, (one.fix ?? one).lat]));
      if (found) return [kind, found.id];
    }
    return null;
  }

  function listen() {
    let from = null;
    let moved = false;
    canvas.addEventListener("pointerdown", (event) => {
      from = [event.offsetX, event.offsetY];
      moved = false;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x, y] = [from[0] - event.offsetX, from[1] - event.offsetY];
      if (!moved && Math.hypot(x, y) < 4) return;
      moved = true;
      from = [event.offsetX, event.offsetY];
      panBy(x, y);
    });
    canvas.addEventListener("pointerup", (event) => {
      const clicked = from && !moved;
      from = null;
      if (!clicked) return;
      const found = hit(event);
      const [lon, lat] = at(event);
      if (found) onPick(...found);
      else onPoint({ lon, lat });
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? 0.5 : -0.5);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const pan = { ArrowLeft: [-STEP_PX, 0], ArrowRight: [STEP_PX, 0], ArrowUp: [0, -STEP_PX], ArrowDown: [0, STEP_PX] }[event.key];
      const zoom = { "+": 1, "=": 1, "-": -1 }[event.key];
      if (event.ctrlKey || event.altKey || event.metaKey || (!pan && !zoom)) return;
      event.preventDefault();
      event.stopPropagation();
      if (pan) panBy(...pan);
      else zoomBy(zoom);
    });
    new ResizeObserver(ask).observe(element);
  }

  async function fetchRoads() {
    const answer = await fetch("/map/roads.json").catch(() => null);
    if (!answer?.ok) return; // units and calls are worth seeing on bare ground
    const city = await answer.json();
    more = { ...more, roads: city.roads };
    if (!view && city.bounds) fit([[city.bounds[0], city.bounds[1]], [city.bounds[2], city.bounds[3]]], { left: 20, right: 20, top: 20, bottom: 20 });
    ask();
  }

  listen();
  if (bounds) fit(bounds);
  const ready = fetchRoads();
  const change = (values) => {
    more = { ...more, ...values };
    ask();
  };
  return {
    available: true,
    plain: true,
    ready,
    show: (next) => {
      shown = { ...shown, ...next };
      if (Object.keys(next).join() === "units") askLater();
      else ask();
    },
    routes: (lines) => change({ lines }),
    pin: (pin) => change({ pin }),
    track: (track) => change({ track }),
    draft: (draft) => change({ draft }),
    coverage: ({ features }) => change({ squares: features }),
    hide: (hidden) => change({ hidden }),
    focus: (points, { maxZoom = 15, left = 0 } = {}) => {
      const box = boundsOf(points.filter(([lon, lat]) => Number.isFinite(lon) && Number.isFinite(lat)));
      if (box) fit(box, { maxZoom, left: left + 60, right: 60, top: 60, bottom: 60 });
    },
    centre: () => ({ lon: (view ?? FALLBACK).lon, lat: (view ?? FALLBACK).lat }),
    panBy,
    zoomBy,
    resize: ask,
    remove: () => {
      if (frame) cancelAnimationFrame(frame);
      clearTimeout(later);
      element.replaceChildren();
    },
  };
}
