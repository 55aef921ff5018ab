// The time line: overview, marks, curves, films with their gaps. Drawn on one canvas, moved by hand, wheel and finger.

import { clock as clockText } from "../shared/time.js";
import { cellAt, filmAt, gapsOf, stretchesOf } from "./film_rules.js";
import { staleOf } from "./signs.js";
import { clustered, curve, following, isLate, placed, ticks, timeAt, xOf, zoomed } from "./timeline_rules.js";

export const HEAD = 116; // where the names of the rows stand
const [TICKS_PX, LANE_PX, CURVE_PX, FILM_PX, MAP_PX, GAP_PX] = [20, 26, 44, 24, 18, 4];
const CURVES = [
  { code: "heart_rate", low: 30, high: 190, tone: "heart" },
  { code: "spo2", low: 70, high: 100, tone: "oxygen" },
  { code: "nibp_systolic", low: 40, high: 220, tone: "pressure" },
];
const SHAPES = { ecg: "♥", photo: "▣", voice: "♪", document: "▤", alarm: "▲", medication: "●", procedure: "■", vital: "+" };
const WHEEL = 0.0015;

/** How high it is for this record: rows come with what there is. */
export function rowsOf(record, cameras) {
  const rows = [];
  let top = MAP_PX + TICKS_PX + GAP_PX;
  const add = (row, height) => {
    rows.push({ ...row, top, height });
    top += height + GAP_PX;
  };
  for (const lane of Object.keys(record.lanes)) {
    const moments = record.moments.filter((one) => one.lane === lane);
    if (moments.length) add({ kind: "lane", lane, name: record.lanes[lane], moments }, LANE_PX);
  }
  if (CURVES.some(({ code }) => record.numbers[code]?.at.length)) add({ kind: "curves", name: gettext("Vital signs") }, CURVE_PX);
  for (const camera of cameras) add({ kind: "film", camera, name: camera.title }, FILM_PX);
  return { rows, height: top };
}

/** Returns {draw(clock), resize, view}. onSeek(ms, {scrubbing}); onHover({x, at_ms, moments, cell} | null). */
export function createTimeline(canvas, { record, cameras, onSeek, onHover }) {
  const whole = { from_ms: record.begins_ms, to_ms: record.ends_ms };
  const { rows, height } = rowsOf(record, cameras);
  let view = { ...whole, width: 100 };
  let marks = []; // [{x, y, moments}] as drawn
  let drag = null; // 'scrub' | 'map'
  let mark = null; // {from_ms, to_ms} of a clip
  canvas.style.blockSize = `${height}px`;

  const ink = (name) => getComputedStyle(canvas).getPropertyValue(name);

  function resize() {
    const { clientWidth } = canvas;
    canvas.width = Math.round(clientWidth * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    view = { ...view, width: Math.max(50, clientWidth - HEAD - 8) };
  }

  function draw({ at_ms, playing }) {
    if (playing && !drag) view = following(view, at_ms, whole);
    const context = canvas.getContext("2d");
    const { fontFamily } = getComputedStyle(canvas);
    const tones = new Map();
    const tone = (name) => tones.get(name) ?? (tones.set(name, ink(name)), tones.get(name));
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, height);
    context.font = `12px ${fontFamily}`;
    context.textBaseline = "middle";
    marks = [];
    drawMap(context, tone, at_ms);
    drawTicks(context, tone);
    for (const row of rows) drawRow(context, tone, row);
    if (mark) drawMark(context, tone);
    drawHead(context, tone, at_ms);
  }

  /** The whole mission, small: where there is film, and what part is seen below. */
  function drawMap(context, tone, at_ms) {
    const all = { ...whole, width: view.width };
    context.fillStyle = tone("--surface");
    context.fillRect(HEAD, 0, view.width, MAP_PX);
    context.fillStyle = tone("--accent-fill");
    for (const camera of cameras) for (const [from, to] of stretchesOf(camera.films)) context.fillRect(HEAD + xOf(from, all), 4, Math.max(1, xOf(to, all) - xOf(from, all)), MAP_PX - 8);
    for (const moment of record.moments) {
      context.fillStyle = moment.urgent ? tone("--bad") : tone("--ink-3");
      context.fillRect(HEAD + xOf(moment.at_ms, all), moment.urgent ? 1 : 5, 1.5, moment.urgent ? MAP_PX - 2 : MAP_PX - 10);
    }
    context.strokeStyle = tone("--accent");
    context.lineWidth = 1.5;
    context.strokeRect(HEAD + xOf(view.from_ms, all), 0.75, Math.max(3, xOf(view.to_ms, all) - xOf(view.from_ms, all)), MAP_PX - 1.5);
    context.fillStyle = tone("--focus");
    context.fillRect(HEAD + xOf(at_ms, all) - 1, 0, 2, MAP_PX);
  }

  function drawTicks(context, tone) {
    const { step, times } = ticks(view);
    context.textAlign = "center";
    for (const at of times) {
      const x = HEAD + xOf(at, view);
      context.fillStyle = tone("--line");
      context.fillRect(x, MAP_PX + TICKS_PX, 1, height);
      context.fillStyle = tone("--ink-3");
      if (x > HEAD + 20 && x < HEAD + view.width - 20) context.fillText(clockText(new Date(at).toISOString(), { seconds: step < 60_000 }), x, MAP_PX + TICKS_PX / 2 + 1);
    }
    context.textAlign = "start";
  }

  function drawRow(context, tone, row) {
    const middle = row.top + row.height / 2;
    context.fillStyle = tone("--surface");
    context.globalAlpha = 0.55;
    context.fillRect(HEAD, row.top, view.width, row.height);
    context.globalAlpha = 1;
    context.fillStyle = tone("--ink-2");
    context.fillText(fitted(context, row.name, HEAD - 12), 4, middle);
    context.save();
    context.beginPath();
    context.rect(HEAD, row.top, view.width, row.height);
    context.clip();
    if (row.kind === "film") drawFilm(context, tone, row);
    else if (row.kind === "curves") drawCurves(context, tone, row);
    context.restore();
    if (row.kind === "lane") drawLane(context, tone, row, middle);
  }

  function drawLane(context, tone, row, middle) {
    for (const one of row.moments.filter((moment) => moment.until_ms && moment.until_ms - moment.at_ms > 1000)) {
      const from = Math.max(0, xOf(one.at_ms, view));
      const to = Math.min(view.width, xOf(one.until_ms, view));
      context.fillStyle = one.urgent ? tone("--bad-fill") : tone("--warn-fill");
      if (to > from) context.fillRect(HEAD + from, row.top + 3, to - from, row.height - 6);
    }
    const found = clustered(row.moments, view);
    found.forEach(({ x, moments }, at) => {
      const [first] = moments;
      const urgent = moments.some((one) => one.urgent);
      const late = moments.some(isLate);
      const y = middle;
      context.fillStyle = urgent ? tone("--bad") : first.kind === "alarm" ? tone("--warn") : tone("--accent");
      context.strokeStyle = context.fillStyle;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(HEAD + x, y, 8, 0, Math.PI * 2);
      if (late) context.stroke();
      else context.fill();
      context.fillStyle = late ? tone("--ink") : tone("--on-accent");
      context.textAlign = "center";
      context.font = `700 10px ${getComputedStyle(canvas).fontFamily}`;
      context.fillText(moments.length > 1 ? String(moments.length) : SHAPES[first.kind] ?? "•", HEAD + x, y + 0.5);
      context.textAlign = "start";
      context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
      const room = (found[at + 1]?.x ?? view.width) - x - 26;
      if (room > 40) {
        context.fillStyle = tone("--ink");
        context.fillText(fitted(context, wordsOf(first, moments.length), Math.min(room, 220)), HEAD + x + 12, y);
      }
      marks.push({ x: HEAD + x, y, moments });
    });
  }

  const wordsOf = (first, count) => (count > 1 ? `${first.title} +${count - 1}` : [first.title, first.lane === "care" ? first.detail : ""].filter(Boolean).join(": "));

  function drawCurves(context, tone, row) {
    for (const { code, low, high, tone: name } of CURVES) {
      const one = record.numbers[code];
      if (!one) continue;
      context.strokeStyle = tone(`--vital-${name}`);
      context.fillStyle = context.strokeStyle;
      context.lineWidth = 1.5;
      for (const run of curve(one, view, { low, high, height: row.height - 6, gap_ms: staleOf(code) + 1000 })) {
        context.beginPath();
        run.forEach(([x, y], at) => (at ? context.lineTo(HEAD + x, row.top + 3 + y) : context.moveTo(HEAD + x, row.top + 3 + y)));
        context.stroke();
        if (code === "nibp_systolic") run.forEach(([x, y]) => context.fillRect(HEAD + x - 2, row.top + 1 + y, 4, 4));
      }
    }
  }

  function drawFilm(context, tone, { camera, top, height: high }) {
    context.fillStyle = tone("--accent");
    context.globalAlpha = 0.45;
    for (const [from, to] of stretchesOf(camera.films)) {
      const [a, b] = [xOf(from, view), xOf(to, view)];
      if (b > 0 && a < view.width) context.fillRect(HEAD + a, top + 2, Math.max(1, b - a), high - 4);
    }
    context.globalAlpha = 1;
    drawThumbs(context, camera, top, high);
    context.strokeStyle = tone("--line-strong");
    context.lineWidth = 1;
    for (const { from_ms, to_ms } of gapsOf(camera.films, whole.from_ms, whole.to_ms)) {
      const [a, b] = [Math.max(0, xOf(from_ms, view)), Math.min(view.width, xOf(to_ms, view))];
      if (b - a < 2) continue;
      context.beginPath(); // a gap is hatched
      for (let x = a - high; x < b; x += 8) {
        context.moveTo(HEAD + Math.max(a, x), top + high - 2 - Math.max(0, a - x));
        context.lineTo(HEAD + Math.min(b, x + high), top + 2 + Math.max(0, x + high - b));
      }
      context.stroke();
    }
  }

  const sheets = new Map();
  function drawThumbs(context, camera, top, high) {
    const wide = Math.round((high - 4) * (16 / 9));
    for (let x = 0; x < view.width; x += wide + 2) {
      const at_ms = timeAt(x + wide / 2, view);
      const film = filmAt(camera.films, at_ms);
      const cell = film && cellAt(film, at_ms - film.began_ms);
      if (!cell) continue;
      if (!sheets.has(film.id)) {
        const image = new Image();
        image.src = `/api/recordings/${film.id}/strip/`;
        sheets.set(film.id, image);
      }
      const sheet = sheets.get(film.id);
      if (sheet.complete && sheet.naturalWidth) context.drawImage(sheet, cell.x, cell.y, cell.width, cell.height, HEAD + x, top + 2, wide, high - 4);
    }
  }

  function drawMark(context, tone) {
    const [a, b] = [Math.max(0, xOf(mark.from_ms, view)), Math.min(view.width, xOf(mark.to_ms, view))];
    if (b <= a) return;
    context.fillStyle = tone("--focus");
    context.globalAlpha = 0.18;
    context.fillRect(HEAD + a, MAP_PX, b - a, height - MAP_PX);
    context.globalAlpha = 1;
    for (const x of [a, b]) context.fillRect(HEAD + x - 1, MAP_PX, 2, height - MAP_PX);
  }

  function drawHead(context, tone, at_ms) {
    const x = HEAD + xOf(at_ms, view);
    if (x < HEAD - 1 || x > HEAD + view.width + 1) return;
    context.fillStyle = tone("--focus");
    context.fillRect(x - 1, MAP_PX + 2, 2, height - MAP_PX - 2);
    context.beginPath();
    context.moveTo(x - 7, MAP_PX + 2);
    context.lineTo(x + 7, MAP_PX + 2);
    context.lineTo(x, MAP_PX + 12);
    context.fill();
  }

  // --- by hand ---------------------------------------------------------------------

  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const markAt = ({ x, y }) => marks.find((one) => Math.hypot(one.x - x, one.y - y) < 12) ?? null;

  function moveTo({ x, y }, scrubbing) {
    if (drag === "map") {
      const at = timeAt(x - HEAD, { ...whole, width: view.width });
      view = placed({ ...view, from_ms: at - (view.to_ms - view.from_ms) / 2, to_ms: at + (view.to_ms - view.from_ms) / 2 }, whole);
      return onSeek(at, { scrubbing });
    }
    return onSeek(timeAt(Math.max(0, Math.min(view.width, x - HEAD)), view), { scrubbing });
  }

  canvas.addEventListener("pointerdown", (event) => {
    const at = placeOf(event);
    const hit = markAt(at);
    canvas.setPointerCapture(event.pointerId);
    if (hit) return onSeek(hit.moments[0].at_ms, { scrubbing: false, moment: hit.moments[0] });
    if (at.x < HEAD) return undefined;
    drag = at.y < MAP_PX ? "map" : "scrub";
    return moveTo(at, true);
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = placeOf(event);
    if (drag) moveTo(at, true);
    const at_ms = at.y < MAP_PX ? timeAt(at.x - HEAD, { ...whole, width: view.width }) : timeAt(at.x - HEAD, view);
    onHover(at.x < HEAD ? null : { x: at.x, y: at.y, at_ms, moments: markAt(at)?.moments ?? [] });
  });
  const letGo = (event) => {
    if (!drag) return;
    const at = placeOf(event);
    const was = drag;
    if (was === "scrub" || was === "map") moveTo(at, false);
    drag = null;
  };
  canvas.addEventListener("pointerup", letGo);
  canvas.addEventListener("pointercancel", letGo);
  canvas.addEventListener("pointerleave", () => onHover(null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x } = placeOf(event);
    const across = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    const by = across ? event.deltaX || event.deltaY : event.deltaY;
    if (across) view = placed({ ...view, from_ms: view.from_ms + (by / view.width) * (view.to_ms - view.from_ms), to_ms: view.to_ms + (by / view.width) * (view.to_ms - view.from_ms) }, whole);
    else view = zoomed(view, Math.exp(by * WHEEL), Math.max(0, x - HEAD), whole);
    onHover(null);
  }, { passive: false });

  return {
    draw, resize,
    zoom: (factor, at_ms) => (view = zoomed(view, factor, xOf(at_ms, view), whole)),
    all: () => (view = { ...view, ...whole }),
    mark: (next) => (mark = next),
    get view() { return view; },
  };
}

function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let cut = text.length;
  while (cut > 1 && context.measureText(`${text.slice(0, cut)}…`).width > width) cut -= 1;
  return `${text.slice(0, cut)}…`;
}
