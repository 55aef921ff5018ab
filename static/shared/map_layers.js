// The layers that Onboard draws above the base map, lowest first.

const EMPTY = { type: "FeatureCollection", features: [] };
// The first name only sets the weight; the rest are tried in order on the desk itself.
const BOLD = ["Noto Sans Bold", "Inter", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"];
const REGULAR = ["Inter", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"];

export const SOURCES = ["coverage", "zones", "routes", "stations", "hospitals", "closures", "track", "incidents", "units", "alarms", "pin"];
// What a person may hide and show again; incidents and alarms stay.
export const HIDEABLE = ["zones", "routes", "hospitals", "closures", "units"];
export const PICKABLE = { units: "ob-units", incidents: "ob-incidents", hospitals: "ob-hospitals" };

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const faded = ["case", ["get", "dim"], 0.35, 1];

const icons = (id, source, size = 1) => ({
  id,
  type: "symbol",
  source,
  layout: {
    "icon-image": ["get", "icon"],
    "icon-size": size,
    "icon-allow-overlap": true,
    "icon-ignore-placement": true,
    "symbol-sort-key": ["get", "order"],
  },
  paint: { "icon-opacity": faded },
});

// A unit at its scene stands beside the incident, or it would hide the priority.
const besideScene = (layer) => ({
  ...layer,
  layout: { ...layer.layout, "icon-offset": ["match", ["get", "stage"], "scene", ["literal", [25, 0]], ["literal", [0, 0]]] },
});

const names = (id, source, { font, size, offset, colour, minzoom = 0, filter }) => ({
  id,
  type: "symbol",
  source,
  minzoom,
  ...(filter ? { filter } : {}),
  layout: {
    "text-field": ["get", "label"],
    "text-font": font,
    "text-size": size,
    "text-variable-anchor": ["top", "bottom", "left", "right"],
    "text-radial-offset": offset,
    "text-padding": 1,
    "symbol-sort-key": ["-", 0, ["get", "order"]],
  },
  paint: {
    "text-color": colour,
    "text-opacity": faded,
    "text-halo-color": token("--status-halo"),
    "text-halo-width": 1.6,
  },
});

const AROUND = ["top", [0, 0.95], "bottom", [0, -0.95], "left", [0.95, 0], "right", [-0.95, 0]];
const namesBesideScene = ({ layout, ...layer }) => {
  const { "text-variable-anchor": _anchor, "text-radial-offset": _offset, ...rest } = layout;
  const beside = ["left", [2.7, 0], "top", [1.8, 0.95], "bottom", [1.8, -0.95]];
  return { ...layer, layout: { ...rest, "text-variable-anchor-offset": ["match", ["get", "stage"], "scene", ["literal", beside], ["literal", AROUND]] } };
};

const ring = (id, source) => ({
  id,
  type: "circle",
  source,
  filter: ["get", "selected"],
  paint: { "circle-radius": 18, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 3, "circle-stroke-color": token("--focus") },
});

function routeLayers() {
  const line = (id, paint, filter) => ({ id, type: "line", source: "ob-routes", filter, layout: { "line-cap": "round", "line-join": "round" }, paint });
  const mission = ["==", ["get", "kind"], "mission"];
  return [
    line("ob-route-edge", { "line-color": token("--status-halo"), "line-width": 8, "line-opacity": 0.8 }, mission),
    line("ob-route", { "line-color": token("--accent"), "line-width": 4 }, mission),
    line("ob-alternative", { "line-color": token("--ink-3"), "line-width": 2, "line-opacity": 0.6, "line-dasharray": [1, 2] }, ["==", ["get", "kind"], "alternative"]),
    line("ob-candidate", { "line-color": token("--accent"), "line-width": 2.5, "line-opacity": 0.75, "line-dasharray": [1.5, 1.8] }, ["==", ["get", "kind"], "candidate"]),
  ];
}

const zoneColour = () => ["match", ["get", "kind"], "hazard", token("--bad"), "event", token("--warn"), "station", token("--ok"), "draft", token("--focus"), token("--ink-2")];

function zoneLayers() {
  const area = ["==", ["geometry-type"], "Polygon"];
  return [
    { id: "ob-zone-fill", type: "fill", source: "ob-zones", filter: area, paint: { "fill-color": zoneColour(), "fill-opacity": 0.14 } },
    { id: "ob-zone-edge", type: "line", source: "ob-zones", paint: { "line-color": zoneColour(), "line-width": 2, "line-dasharray": [3, 1.5] } },
    { id: "ob-zone-corner", type: "circle", source: "ob-zones", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": zoneColour() } },
    { ...names("ob-zone-names", "ob-zones", { font: REGULAR, size: 12, offset: 0, colour: token("--ink"), filter: area }), layout: { "text-field": ["get", "label"], "text-font": REGULAR, "text-size": 12 } },
  ];
}

function trackLayers() {
  const colour = token("--focus");
  return [
    { id: "ob-track", type: "line", source: "ob-track", filter: ["==", ["geometry-type"], "LineString"], layout: { "line-join": "round" }, paint: { "line-color": colour, "line-width": 3, "line-opacity": 0.8 } },
    { id: "ob-track-at", type: "circle", source: "ob-track", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 9, "circle-color": colour, "circle-stroke-width": 3, "circle-stroke-color": token("--status-halo") } },
    names("ob-track-name", "ob-track", { font: BOLD, size: 13, offset: 1, colour: token("--ink"), filter: ["==", ["geometry-type"], "Point"] }),
  ];
}

/** Squares under everything that Onboard draws: a ground, not a subject. Their levels are those of --cover-…. */
function coverageLayers() {
  const colour = ["to-color", ["get", "colour"]];
  const strength = ["+", 0.14, ["*", 0.34, ["get", "weight"]]];
  return [
    { id: "ob-coverage", type: "fill", source: "ob-coverage", paint: { "fill-color": colour, "fill-opacity": strength, "fill-antialias": false } },
    { id: "ob-coverage-edge", type: "line", source: "ob-coverage", filter: ["==", ["get", "level"], "none"], paint: { "line-color": colour, "line-width": 1, "line-opacity": 0.7, "line-dasharray": [2, 2] } },
  ];
}

/** Sources and layers; call once per style. */
export function addLayers(map) {
  for (const name of SOURCES) map.addSource(`ob-${name}`, { type: "geojson", data: EMPTY });
  const ink = token("--ink");
  const layers = [
    ...coverageLayers(),
    ...zoneLayers(),
    ...routeLayers(),
    { ...icons("ob-stations", "ob-stations", 0.6), minzoom: 11.5 },
    icons("ob-hospitals", "ob-hospitals", 0.85),
    names("ob-hospital-names", "ob-hospitals", { font: REGULAR, size: 12, offset: 1.2, colour: token("--ink-2"), minzoom: 12 }),
    icons("ob-closures", "ob-closures", 0.8),
    ring("ob-incident-ring", "ob-incidents"),
    icons("ob-incidents", "ob-incidents", 1),
    {
      id: "ob-headings",
      type: "symbol",
      source: "ob-units",
      filter: ["!=", ["get", "arrow"], ""],
      layout: {
        "icon-image": ["get", "arrow"],
        "icon-rotate": ["get", "heading"],
        "icon-rotation-alignment": "map",
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
      paint: { "icon-opacity": faded },
    },
    ring("ob-unit-ring", "ob-units"),
    besideScene(icons("ob-units", "ob-units", 0.85)),
    namesBesideScene(names("ob-unit-names", "ob-units", { font: BOLD, size: 12, offset: 0.95, colour: ink, minzoom: 10.5 })),
    ...trackLayers(),
    icons("ob-alarms", "ob-alarms", 1.1),
    icons("ob-pin", "ob-pin", 0.9),
  ];
  for (const layer of layers) map.addLayer(layer);
}
