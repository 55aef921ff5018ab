// All cameras of one mission beside the patient's vital signs and the map. Small pictures, one of them large:
// click or 1–9; Escape for all; S keeps the picture in the record.

import { api, ApiError, uuid } from "../shared/api.js";
import { openFeed } from "../shared/feed.js";
import { showLink } from "../shared/link.js";
import { openMap } from "../shared/map.js";
import { cameraTile } from "../shared/media/tile.js";
import { columnsFor } from "../shared/media/tile_rules.js";
import { mountMonitor } from "../shared/monitor.js";
import { apply, emptyBoard, item, list } from "../shared/reduce.js";
import { toast } from "../shared/toast.js";

const LOOK_AGAIN_MS = 5000;
const ENDED_SHOWN_MS = 60_000;
const wall = document.getElementById("wall");
const { mission, board, keeps } = wall.dataset;
const stage = document.getElementById("stage");
const strip = document.getElementById("strip");
const none = document.getElementById("no-camera");
const tiles = new Map();
let large = null;

/** Cameras that run, and those that ended a moment ago, so that nobody wonders where one went. */
const isShown = (stream) => !stream.ended_at || Date.now() - Date.parse(stream.ended_at) < ENDED_SHOWN_MS;

async function look() {
  const place = await api.get(`/api/missions/${mission}/streams/`).catch((error) => error);
  if (place instanceof ApiError) {
    if (place.status === 403) none.textContent = place.detail;
    return;
  }
  const wanted = place.streams.filter(isShown);
  for (const [id, tile] of tiles)
    if (!wanted.some((stream) => stream.id === id)) {
      tile.close();
      tiles.delete(id);
      if (large === id) large = null;
    }
  for (const stream of wanted)
    if (!tiles.has(stream.id)) tiles.set(stream.id, cameraTile({ place, mission, stream, onSelect: () => choose(large === stream.id ? null : stream.id) }));
  none.hidden = tiles.size > 0;
  arrange();
}

function choose(id) {
  large = id;
  arrange();
}

function arrange() {
  const one = tiles.size === 1 ? [...tiles.keys()][0] : large;
  for (const [id, tile] of tiles) {
    const isLarge = id === one;
    const home = isLarge || one === null ? stage : strip;
    if (tile.element.parentElement !== home) home.append(tile.element);
    tile.element.setAttribute("aria-pressed", String(isLarge));
    tile.want(isLarge || tiles.size <= 2 ? "full" : "low");
  }
  const { width, height } = stage.getBoundingClientRect();
  stage.style.setProperty("--columns", one === null ? columnsFor(tiles.size, width, height) : 1);
  strip.hidden = one === null || tiles.size < 2;
}

async function keep() {
  const tile = tiles.get(large) ?? (tiles.size === 1 ? [...tiles.values()][0] : null);
  if (!tile) return toast(gettext("Choose a camera first."), "bad");
  if (!keeps) return toast(gettext("Pictures are kept by those who may see the record."), "bad");
  const shot = await tile.snapshot();
  if (!shot) return toast(gettext("There is no picture yet."), "bad");
  const body = new FormData();
  body.append("id", uuid());
  body.append("stream", tile.stream.id);
  body.append("occurred_at", new Date(shot.at_ms).toISOString());
  body.append("file", shot.blob, `${tile.stream.role}-${shot.seq}.jpg`);
  try {
    await api.post(`/api/missions/${mission}/snapshots/`, body);
    toast(gettext("The picture is in the record."), "ok");
  } catch (error) {
    toast(error.detail ?? String(error), "bad");
  }
}

document.getElementById("keep")?.addEventListener("click", keep); // only who may see the record has it
document.getElementById("all").onclick = () => choose(null);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const number = Number(event.key);
  if (number >= 1 && number <= tiles.size) choose([...tiles.keys()][number - 1]);
  else if (event.key === "Escape") choose(null);
  else if (event.key.toLowerCase() === "s") keep();
});
new ResizeObserver(arrange).observe(stage);
setInterval(look, LOOK_AGAIN_MS);
look();

// For who draws on the pictures of this page: the viewer of a stream, see shared/media/viewer.js.
export const viewerOf = (stream) => tiles.get(stream)?.viewer ?? null;

const monitor = mountMonitor(document.getElementById("monitor"), { missionId: mission, compact: true });
if (board) followBoard();

function followBoard() {
  const map = openMap(document.getElementById("map"), { theme: "dark", controls: false });
  let state = emptyBoard;
  let framed = "";
  openFeed({
    path: `/live/${board}/`, since: () => state.cursor, onLink: showLink,
    onMessage(message) {
      state = apply(state, message);
      draw();
    },
  });
  async function draw() {
    const row = item(state, "missions", mission);
    const unitId = row?.unit_id ?? row?.ambulance_id ?? list(state, "handovers").find((one) => one.mission_id === mission)?.unit?.id;
    const unit = unitId ? item(state, "units", unitId) : null;
    const incident = row ? item(state, "incidents", row.incident_id) : null;
    const hospital = row?.destination_id ? item(state, "hospitals", row.destination_id) : null;
    map.show({ units: unit?.fix ? [unit] : [], incidents: incident ? [incident] : [], hospitals: hospital ? [hospital] : [] });
    monitor.showAlarms(list(state, "alarms").filter((alarm) => alarm.mission_id === mission));
    const key = [unit?.id, incident?.id, hospital?.id].join();
    if (key === framed || !unit?.fix) return;
    framed = key;
    await map.ready;
    map.focus([[unit.fix.lon, unit.fix.lat], ...[incident, hospital].filter(Boolean).map((one) => [one.lon, one.lat])], { maxZoom: 14 });
  }
}
