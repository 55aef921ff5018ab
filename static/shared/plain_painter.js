// Draws the plain map onto a 2D canvas, lowest first. Knows pixels, not where the data come from.

import { boundsOf, isStale } from "./map_features.js";
import { toPixels } from "./plain_projection.js";
import { OUTLINES, shapeOf, stageOf } from "./status.js";
import { nameOf } from "./terms.js";
import { now_ms } from "./time.js";

const NAMES_FROM_ZOOM = 12;
const ROAD_PX = [3.2, 3, 2.6, 2, 1.5];
const ZONE = { hazard: "--bad", event: "--warn", station: "--ok" };
const LINE = { mission: ["--accent", 4, []], alternative: ["--ink-3", 2, [3, 6]], candidate: ["--accent", 2.5, [7, 6]] };

export function createPainter(canvas) {
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const tokens = new Map();
  // Read once: asking the style for every mark costs more than drawing it.
  const token = (name) => {
    if (!tokens.has(name)) tokens.set(name, style.getPropertyValue(name).trim());
    return tokens.get(name);
  };
  let on = ([lon, lat]) => [lon, lat];
  let seen = { width: 0, height: 0 };
  let roads = []; // with the box of each, so that those out of sight cost nothing

  const visible = ([x, y], edge = 40) => x > -edge && y > -edge && x < seen.width + edge && y < seen.height + edge;

  function path(points, shut = false) {
    pen.beginPath();
    points.forEach((point, at) => (at ? pen.lineTo(...on(point)) : pen.moveTo(...on(point))));
    if (shut) pen.closePath();
  }

  function line(points, [colour, width, dash], shut = false) {
    if (points?.length < 2) return;
    path(points, shut);
    pen.setLineDash(dash);
    pen.lineWidth = width;
    pen.strokeStyle = token(colour);
    pen.stroke();
    pen.setLineDash([]);
  }

  function text(words, [x, y], colour = "--ink") {
    pen.lineWidth = 3;
    pen.strokeStyle = token("--status-halo");
    pen.strokeText(words, x, y);
    pen.fillStyle = token(colour);
    pen.fillText(words, x, y);
  }

  function mark(shape, [x, y], side, colour, alpha = 1) {
    pen.globalAlpha = alpha;
    pen.beginPath();
    const corners = OUTLINES[shape];
    if (!corners) pen.arc(x, y, side / 2, 0, 7);
    else corners.forEach(([dx, dy], at) => pen[at ? "lineTo" : "moveTo"](x + (dx - 0.5) * side, y + (dy - 0.5) * side));
    pen.closePath();
    pen.lineWidth = 3;
    pen.strokeStyle = token("--status-halo");
    pen.stroke();
    pen.fillStyle = token(colour);
    pen.fill();
    pen.globalAlpha = 1;
  }

  function ring([x, y]) {
    pen.beginPath();
    pen.arc(x, y, 17, 0, 7);
    pen.lineWidth = 3;
    pen.strokeStyle = token("--focus");
    pen.stroke();
  }

  function drawRoads(all) {
    if (roads.source !== all) roads = Object.assign(all.map((road) => ({ ...road, box: boundsOf(road.line) })), { source: all });
    pen.lineCap = pen.lineJoin = "round";
    for (const { line: points, rank, box } of roads) {
      const [[west, south], [east, north]] = [on(box[0]), on(box[1])];
      if (east < 0 || west > seen.width || south < 0 || north > seen.height) continue;
      line(points, [rank < 3 ? "--line-strong" : "--line", ROAD_PX[rank] ?? 1.2, []]);
    }
  }

  function drawCoverage(squares) {
    for (const { geometry, properties } of squares) {
      path(geometry.coordinates[0], true);
      pen.globalAlpha = 0.14 + 0.34 * properties.weight;
      pen.fillStyle = properties.colour;
      pen.fill();
    }
    pen.globalAlpha = 1;
  }

  function drawZones({ zones, draft }) {
    for (const zone of zones) {
      path(zone.ring, true);
      pen.globalAlpha = 0.14;
      pen.fillStyle = token(ZONE[zone.kind] ?? "--ink-2");
      pen.fill();
      pen.globalAlpha = 1;
      line(zone.ring, [ZONE[zone.kind] ?? "--ink-2", 2, [8, 4]], true);
      text(zone.name, on(zone.ring[0]));
    }
    if (!draft) return;
    line(draft, ["--focus", 2, [6, 4]], draft.length > 2);
    for (const corner of draft) mark("disc", on(corner), 9, "--focus");
  }

  function drawPlaces({ hospitals, closures, hidden }, zoom) {
    for (const hospital of hidden.hospitals === false ? [] : hospitals) {
      const spot = on([hospital.lon, hospital.lat]);
      if (!visible(spot)) continue;
      mark("cross", spot, 18, hospital.divert ? "--warn" : "--status-destination");
      if (zoom >= NAMES_FROM_ZOOM) text(nameOf(hospital), [spot[0], spot[1] + 22], "--ink-2");
    }
    for (const closure of hidden.closures === false ? [] : closures) {
      const spot = on([closure.lon, closure.lat]);
      mark("bar", spot, 20, "--bad");
    }
  }

  function drawIncidents({ incidents, selection, dim }) {
    for (const incident of incidents) {
      if (incident.state === "closed") continue;
      const spot = on([incident.lon, incident.lat]);
      if (!visible(spot)) continue;
      if (incident.id === selection.incident) ring(spot);
      mark(incident.state === "waiting" ? "square" : "disc", spot, 22, `--priority-${incident.priority ?? 5}`, dim.incidents?.(incident) ? 0.35 : 1);
      pen.fillStyle = token("--on-priority");
      pen.fillText(String(incident.priority ?? 5), spot[0], spot[1] + 1);
    }
  }

  function drawUnits({ units, selection, dim }, zoom) {
    const at_ms = now_ms();
    for (const unit of units) {
      if (!unit.fix || unit.status === "off_shift" || unit.status === "out_of_service") continue;
      const spot = on([unit.fix.lon, unit.fix.lat]);
      if (!visible(spot)) continue;
      const faded = dim.units?.(unit) || isStale(unit.fix, at_ms);
      if (unit.id === selection.unit) ring(spot);
      mark(shapeOf(unit.status), spot, 15, `--status-${stageOf(unit.status)}`, faded ? 0.4 : 1);
      if (zoom >= NAMES_FROM_ZOOM - 1) text(unit.call_sign, [spot[0], spot[1] + 17]);
    }
  }

  function drawTrack(track) {
    if (!track) return;
    line(track.line, ["--focus", 3, []]);
    if (!track.at) return;
    mark("disc", on(track.at), 16, "--focus");
    text(track.label, [on(track.at)[0], on(track.at)[1] + 20]);
  }

  function fitCanvas({ width, height }) {
    const sharp = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * sharp) || canvas.height !== Math.round(height * sharp)) {
      canvas.width = Math.round(width * sharp);
      canvas.height = Math.round(height * sharp);
    }
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  }

  /** scene: what map.show, routes, pin, track, draft and hide were given, and the roads. */
  function draw(scene, view, size) {
    seen = size;
    on = (place) => toPixels(place, view, size);
    fitCanvas(size);
    pen.fillStyle = token("--ground");
    pen.fillRect(0, 0, size.width, size.height);
    pen.font = `12px ${token("--font-plain")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    drawCoverage(scene.squares);
    drawRoads(scene.roads);
    if (scene.hidden.zones !== false) drawZones(scene);
    if (scene.hidden.routes !== false) for (const one of scene.lines) if (one.points) line(one.points, LINE[one.kind] ?? LINE.mission);
    drawPlaces(scene, view.zoom);
    drawTrack(scene.track);
    drawIncidents(scene);
    if (scene.hidden.units !== false) drawUnits(scene, view.zoom);
    for (const alarm of scene.alarms) if (Number.isFinite(alarm.lat)) mark("diamond", on([alarm.lon, alarm.lat]), 26, "--bad");
    if (scene.pin) mark("diamond", on([scene.pin.lon, scene.pin.lat]), 20, "--focus");
  }

  return { draw };
}
