// Board items → GeoJSON features for the map. Pure: no map, no clock, no DOM.

import { shapeOf, stageOf } from "./status.js";

export const STALE_FIX_S = 30;

const point = (lon, lat, properties) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [lon, lat] },
  properties,
});
const collection = (features) => ({ type: "FeatureCollection", features });
const placed = (thing) => Number.isFinite(thing?.lat) && Number.isFinite(thing?.lon);

export const isStale = (fix, at_ms) => at_ms - Date.parse(fix.fix_at) > STALE_FIX_S * 1000;

/** Units with a fix; `where(unit)` gives the drawn [lon, lat] (between two fixes). Off-shift units are left out. */
export function unitFeatures(units, { at_ms, where, selected, dim = () => false }) {
  const features = [];
  for (const unit of units) {
    if (!placed(unit.fix) || unit.status === "off_shift" || unit.status === "out_of_service") continue;
    const stage = stageOf(unit.status);
    const stale = isStale(unit.fix, at_ms);
    const moving = !stale && unit.fix.heading_deg !== null && (unit.fix.speed_mps ?? 0) > 1;
    const [lon, lat] = where(unit);
    features.push(
      point(lon, lat, {
        id: unit.id,
        label: unit.call_sign,
        stage,
        icon: `unit-${stage}-${shapeOf(unit.status)}${stale ? "-stale" : ""}`,
        arrow: moving ? `heading-${stage}` : "",
        heading: unit.fix.heading_deg ?? 0,
        selected: unit.id === selected,
        dim: Boolean(dim(unit)),
        // Busy units are drawn above free ones, the selected one above all.
        order: unit.id === selected ? 9 : stage === "available" ? 1 : 5,
      }),
    );
  }
  return collection(features);
}

/** The picture as text: equal for two sets of units that look the same at this zoom, to half a pixel. */
export function signature({ features }, zoom) {
  const halfPixels = (1024 * 2 ** zoom) / 360;
  const grid = ([lon, lat]) => `${Math.round(lon * halfPixels)},${Math.round(lat * halfPixels)}`;
  return features
    .map(({ geometry, properties: { id, icon, arrow, heading, selected, dim } }) => [id, icon, arrow, arrow && Math.round(heading / 3), selected, dim, grid(geometry.coordinates)].join())
    .join(";");
}

/** Open incidents: the lower the priority number, the higher it is drawn. */
export function incidentFeatures(incidents, { selected, dim = () => false }) {
  const open = incidents.filter((incident) => placed(incident) && incident.state !== "closed");
  return collection(
    open.map((incident) =>
      point(incident.lon, incident.lat, {
        id: incident.id,
        label: String(incident.number ?? ""),
        icon: `incident-${incident.priority ?? 5}-${incident.state === "waiting" ? "waiting" : "assigned"}`,
        selected: incident.id === selected,
        dim: Boolean(dim(incident)),
        order: incident.id === selected ? 9 : 6 - (incident.priority ?? 5),
      }),
    ),
  );
}

/** Hospitals (icon by divert) or stations. */
export function placeFeatures(places, { kind, name, selected }) {
  return collection(
    places.filter(placed).map((place) =>
      point(place.lon, place.lat, {
        id: place.id,
        label: name(place),
        icon: place.divert ? `${kind}-divert` : kind,
        selected: place.id === selected,
        dim: false,
        order: 0,
      }),
    ),
  );
}

/** lines: [{points: [[lon, lat], …], kind: 'mission' | 'candidate'}] */
export function routeFeatures(lines) {
  return collection(
    lines
      .filter((line) => line.points?.length > 1)
      .map((line) => ({
        type: "Feature",
        geometry: { type: "LineString", coordinates: line.points },
        properties: { kind: line.kind ?? "mission" },
      })),
  );
}

const closed = (ring) => [...ring, ring[0]];

/** Zones, and the one being drawn: {ring: [[lon, lat], …], name, kind}; two corners are a line, one a point. */
export function zoneFeatures(zones, draft = null) {
  const features = zones.map((zone) => ({ type: "Feature", geometry: { type: "Polygon", coordinates: [closed(zone.ring)] }, properties: { id: zone.id, label: zone.name, kind: zone.kind, dim: false, order: 0 } }));
  for (const corner of draft ?? []) features.push(point(...corner, { kind: "draft", label: "" }));
  if (draft?.length > 1) features.push({ type: "Feature", geometry: { type: "LineString", coordinates: draft.length > 2 ? closed(draft) : draft }, properties: { kind: "draft", label: "" } });
  return collection(features);
}

/** A replayed track: {line: [[lon, lat], …], at: [lon, lat] | null, label, stage, heading}. */
export function trackFeatures(track) {
  if (!track) return collection([]);
  const features = routeFeatures([{ points: track.line, kind: "track" }]).features;
  if (track.at) features.push(point(...track.at, { kind: "track", label: track.label, heading: track.heading ?? 0 }));
  return collection(features);
}

/** [[west, south], [east, north]] round the points, or null. */
export function boundsOf(points) {
  if (!points.length) return null;
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return [
    [Math.min(...lons), Math.min(...lats)],
    [Math.max(...lons), Math.max(...lats)],
  ];
}
