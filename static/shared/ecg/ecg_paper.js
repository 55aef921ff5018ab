// Draws the paper on a canvas: millimetre grid, calibration pulse, leads, calipers.

import { GAINS, LEFT_MM, base_mm, level, measured, paperOf, runs, strips, toPaper, toWindow, x_mm } from "./ecg_rules.js";

const PULSE_MM = 5; // 200 ms at 25 mm/s, 1 mV high
const ROOM = GAINS[1]; // mm above the base line kept for the label

/** The paper's colours as CSS has them where the canvas stands. */
export function inkOf(element) {
  const style = getComputedStyle(element);
  const token = (name) => style.getPropertyValue(name).trim();
  return { paper: token("--ecg-paper"), fine: token("--ecg-fine"), bold: token("--ecg-bold"), trace: token("--ecg-trace"), word: token("--ecg-word"), mark: token("--ecg-mark"), font: style.fontFamily };
}

/** {leads: {name: Int16Array}, levels, rate_hz, seconds} of an answer of the server. */
export function recordingOf(leads, rate_hz, count) {
  const levels = Object.fromEntries(Object.entries(leads).map(([lead, samples]) => [lead, level(samples)]));
  return { leads, levels, rate_hz, seconds: count / rate_hz };
}

export function drawPaper(context, { recording, options, view, size, ink, calipers, words }) {
  const paper = paperOf({ ...options, seconds: recording.seconds });
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, size.width, size.height);
  drawGrid(context, paper, view, size, ink);
  context.lineJoin = "round";
  const rows = new Set();
  for (const strip of strips({ ...options, seconds: recording.seconds })) {
    if (!rows.has(strip.row)) drawPulse(context, base_mm(strip.row, paper), options, view, ink);
    rows.add(strip.row);
    drawStrip(context, strip, paper, { recording, options, view, size, ink });
  }
  if (calipers) drawCalipers(context, calipers, options, view, ink, words);
}

function drawGrid(context, paper, view, size, ink) {
  const a = toPaper({ x: 0, y: 0 }, view);
  const b = toPaper({ x: size.width, y: size.height }, view);
  const within = { left: Math.max(0, Math.floor(a.x)), right: Math.min(paper.width_mm, b.x), top: Math.max(0, Math.floor(a.y)), bottom: Math.min(paper.height_mm, b.y) };
  const lines = (every, colour, width) => {
    context.beginPath();
    context.strokeStyle = colour;
    context.lineWidth = width;
    // From the first calibration edge on, so that bold lines stand where seconds begin.
    for (let x = within.left - ((within.left - LEFT_MM) % every); x <= within.right; x += every) {
      if (x < within.left) continue;
      const at = Math.round(toWindow({ x, y: 0 }, view).x) + 0.5;
      context.moveTo(at, toWindow({ x, y: within.top }, view).y);
      context.lineTo(at, toWindow({ x, y: within.bottom }, view).y);
    }
    for (let y = within.top - (within.top % every); y <= within.bottom; y += every) {
      const at = Math.round(toWindow({ x: 0, y }, view).y) + 0.5;
      context.moveTo(toWindow({ x: within.left, y }, view).x, at);
      context.lineTo(toWindow({ x: within.right, y }, view).x, at);
    }
    context.stroke();
  };
  // Nearer than four pixels the millimetres would be a grey surface.
  if (view.scale >= 3.5) lines(1, ink.fine, Math.max(0.5, view.scale / 16));
  lines(5, ink.bold, Math.max(0.8, view.scale / 9));
}

function drawPulse(context, base, { gain }, view, ink) {
  const from = LEFT_MM - PULSE_MM - 3;
  const at = [[from - 1, 0], [from, 0], [from, gain], [from + PULSE_MM, gain], [from + PULSE_MM, 0], [from + PULSE_MM + 1, 0]];
  context.beginPath();
  context.strokeStyle = ink.trace;
  context.lineWidth = Math.max(1, view.scale / 4);
  for (const [x, up] of at) {
    const point = toWindow({ x, y: base - up }, view);
    context.lineTo(point.x, point.y);
  }
  context.stroke();
}

function drawStrip(context, strip, paper, { recording, options, view, size, ink }) {
  const samples = recording.leads[strip.lead];
  const base = base_mm(strip.row, paper);
  const from = x_mm(strip.from_s, options);
  if (samples) {
    const per_mm = recording.rate_hz / options.speed;
    // Only what the window shows.
    const shown = [toPaper({ x: 0, y: 0 }, view).x, toPaper({ x: size.width, y: 0 }, view).x].map((x) => Math.round((x - LEFT_MM) * per_mm));
    const first = Math.max(Math.round(strip.from_s * recording.rate_hz), shown[0] - 1, 0);
    const last = Math.min(Math.round(strip.to_s * recording.rate_hz), shown[1] + 2, samples.length);
    const height = (strip.sign * options.gain) / 1000;
    const middle = recording.levels[strip.lead];
    context.beginPath();
    context.strokeStyle = ink.trace;
    context.lineWidth = Math.min(Math.max(1.1, view.scale / 3.2), 3);
    for (const run of runs(samples, first, last, per_mm / view.scale)) {
      run.forEach(([place, value], number) => {
        const point = toWindow({ x: LEFT_MM + place / per_mm, y: base - (value - middle) * height }, view);
        if (number) context.lineTo(point.x, point.y);
        else context.moveTo(point.x, point.y);
      });
    }
    context.stroke();
  }
  drawEdge(context, from, base, strip, view, ink);
  drawLabel(context, strip, from, base, paper, view, ink);
}

/** A short bar where one lead ends and the next begins. */
function drawEdge(context, from, base, strip, view, ink) {
  if (strip.from_s === 0) return;
  const top = toWindow({ x: from, y: base - 5 }, view);
  const foot = toWindow({ x: from, y: base + 3 }, view);
  context.beginPath();
  context.strokeStyle = ink.trace;
  context.lineWidth = Math.max(1, view.scale / 5);
  context.moveTo(top.x, top.y);
  context.lineTo(foot.x, foot.y);
  context.stroke();
}

function drawLabel(context, strip, from, base, paper, view, ink) {
  const at = toWindow({ x: from + 1, y: base - Math.min(ROOM, paper.row_mm * 0.42) }, view);
  const text = (strip.sign < 0 ? "−" : "") + strip.lead;
  const height = Math.min(Math.max(12, view.scale * 3.2), 30);
  context.font = `700 ${height}px ${ink.font}`;
  context.textBaseline = "middle";
  context.fillStyle = ink.paper;
  context.globalAlpha = 0.75;
  context.fillRect(at.x - 2, at.y - height * 0.6, context.measureText(text).width + 4, height * 1.2);
  context.globalAlpha = 1;
  context.fillStyle = ink.word;
  context.fillText(text, at.x, at.y);
}

function drawCalipers(context, { a, b }, options, view, ink, words) {
  const [p, q] = [toWindow(a, view), toWindow(b, view)];
  const [left, right] = [Math.min(p.x, q.x), Math.max(p.x, q.x)];
  const [top, foot] = [Math.min(p.y, q.y), Math.max(p.y, q.y)];
  context.save();
  context.globalAlpha = 0.14;
  context.fillStyle = ink.mark;
  context.fillRect(left, top, right - left, foot - top);
  context.globalAlpha = 1;
  context.strokeStyle = ink.mark;
  context.lineWidth = 2;
  context.beginPath();
  for (const x of [left, right]) {
    context.moveTo(x, 0);
    context.lineTo(x, context.canvas.height);
  }
  context.stroke();
  context.setLineDash([6, 5]);
  context.beginPath();
  for (const y of [top, foot]) {
    context.moveTo(left - 24, y);
    context.lineTo(right + 24, y);
  }
  context.stroke();
  context.setLineDash([]);
  for (const point of [p, q]) {
    context.beginPath();
    context.arc(point.x, point.y, 9, 0, Math.PI * 2);
    context.fillStyle = ink.paper;
    context.fill();
    context.stroke();
  }
  context.restore();
  return words?.(measured(a, b, options));
}
