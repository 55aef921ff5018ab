// Draws a picture with what was drawn on it, and turns a pen's or a finger's way into messages.

import { COLOURS, FADES_AFTER_S, letterbox, onPicture, onScreen, strokesOn, visibility } from "./drawing_rules.js";

const THICK = 0.008; // of the picture's height
const POINT_RADIUS = 0.02;
const TEXT_SIZE = 0.05;
const SEND_EVERY_MS = 33;

/** The picture (anything that drawImage takes, with its width and height) and its marks, on the whole canvas. */
export function paint(canvas, picture, state, { frame = null, now_ms = Date.now() } = {}) {
  const box = { width: canvas.width, height: canvas.height };
  const context = canvas.getContext("2d");
  context.fillStyle = "#000";
  context.fillRect(0, 0, box.width, box.height);
  if (!picture) return null;
  const area = letterbox(box, sizeOf(picture));
  context.drawImage(picture, area.x, area.y, area.width, area.height);
  marks(context, area, state, { frame, now_ms });
  return area;
}

export const sizeOf = (picture) => ({ width: picture.displayWidth ?? picture.videoWidth ?? picture.width, height: picture.displayHeight ?? picture.videoHeight ?? picture.height });

/** Only the marks, over whatever shows the picture. */
export function marks(context, area, state, { frame = null, now_ms = Date.now() } = {}) {
  for (const stroke of strokesOn(state, frame)) {
    context.save();
    context.globalAlpha = visibility(stroke, now_ms);
    context.strokeStyle = context.fillStyle = COLOURS[stroke.color] ?? COLOURS.red;
    context.lineWidth = Math.max(2, stroke.w * area.height);
    context.lineCap = context.lineJoin = "round";
    context.shadowColor = "#000";
    context.shadowBlur = context.lineWidth;
    SHAPES[stroke.tool]?.(context, stroke.pts.map((point) => onScreen(point, area)), stroke, area);
    context.restore();
  }
}

function line(context, points) {
  context.beginPath();
  context.moveTo(points[0].x, points[0].y);
  for (const { x, y } of points.slice(1)) context.lineTo(x, y);
  if (points.length === 1) context.lineTo(points[0].x + 0.1, points[0].y);
  context.stroke();
}

const SHAPES = {
  pen: line,
  arrow(context, [from, to = from]) {
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const head = context.lineWidth * 4;
    line(context, [from, to]);
    for (const turn of [0.45, -0.45]) line(context, [to, { x: to.x - head * Math.cos(angle + turn), y: to.y - head * Math.sin(angle + turn) }]);
  },
  ellipse(context, [from, to = from]) {
    context.beginPath();
    context.ellipse((from.x + to.x) / 2, (from.y + to.y) / 2, Math.abs(to.x - from.x) / 2, Math.abs(to.y - from.y) / 2, 0, 0, 2 * Math.PI);
    context.stroke();
  },
  text(context, [at], { text }, area) {
    context.font = `bold ${Math.round(TEXT_SIZE * area.height)}px sans-serif`;
    context.fillText(text, at.x, at.y);
  },
  point(context, points, _stroke, area) {
    const { x, y } = points.at(-1);
    context.beginPath();
    context.arc(x, y, POINT_RADIUS * area.height, 0, 2 * Math.PI);
    context.stroke();
    context.beginPath();
    context.arc(x, y, POINT_RADIUS * area.height * 0.3, 0, 2 * Math.PI);
    context.fill();
  },
};

/** Pointer events on a canvas become strokes. tools(): {tool, color, text}; frame(): {stream, seq, frozen} or null. */
export function followPen(canvas, { area, tools, frame, say }) {
  let stroke = null;
  let waiting = [];
  let sent_ms = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return area() && onPicture({ x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale }, area());
  };

  function send(phase) {
    if (!stroke || !waiting.length) return;
    say({ t: "stroke", ...stroke, pts: waiting, phase });
    waiting = [];
    sent_ms = performance.now();
  }

  canvas.addEventListener("pointerdown", (event) => {
    const [point, now, { tool, color, text }] = [at(event), frame(), tools()];
    if (!point || !now || event.button !== 0 || (tool === "text" && !text)) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = { id: crypto.randomUUID(), stream: now.stream, seq: now.seq, tool, color, w: THICK, ttl: now.frozen ? null : FADES_AFTER_S, ...(tool === "text" ? { text } : {}) };
    waiting = [point];
    send("begin");
    if (tool === "text") stroke = null;
  });
  canvas.addEventListener("pointermove", (event) => {
    const point = stroke && at(event);
    if (!point) return;
    waiting = stroke.tool === "pen" ? [...waiting, point] : [point];
    if (performance.now() - sent_ms >= SEND_EVERY_MS) send("move");
  });
  const end = (event) => {
    const point = stroke && at(event);
    if (point) waiting = stroke.tool === "pen" ? [...waiting, point] : [point];
    send("end");
    stroke = null;
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
}
