// What is drawn on which picture: the state as a function of messages, and where a point lies on a screen. Pure.
// Version 1 of the messages; the twin that judges them is consult/rules/drawing.py.

export const VERSION = 1;
export const FADES_AFTER_S = 5;
export const COLOURS = { red: "#ff4d4d", yellow: "#ffd84d", green: "#4dff88", cyan: "#4de1ff", white: "#ffffff" };
export const TOOLS = ["pen", "arrow", "ellipse", "text", "point"];

/** frozen: {stream, seq} | null; seen: {stream, seq, by} | null; strokes: id → {…, pts, at_ms}. */
export const emptyDrawing = Object.freeze({ frozen: null, seen: null, strokes: Object.freeze({}) });

const sameFrame = (a, b) => Boolean(a && b) && a.stream === b.stream && a.seq === b.seq;

/** The drawing after one message; `at_ms` is when it came. */
export function drawn(state, message, at_ms) {
  switch (message.t) {
    case "freeze":
      return { frozen: { stream: message.stream, seq: message.seq }, seen: null, strokes: {} };
    case "unfreeze":
      return { frozen: null, seen: null, strokes: {} };
    case "seen": {
      const seen = { stream: message.stream, seq: message.seq, by: message.author ?? null, at_ms };
      return sameFrame(seen, state.frozen) ? { ...state, seen } : state;
    }
    case "clear":
      return { ...state, strokes: {} };
    case "undo": {
      const { [message.id]: _gone, ...strokes } = state.strokes;
      return { ...state, strokes };
    }
    case "stroke":
      return withStroke(state, message, at_ms);
    default:
      return state;
  }
}

/** A pen's points come in pieces and add up; of the others the last piece is the shape. */
function withStroke(state, { id, stream, seq, tool, color, w, pts, ttl, text = "", author = null }, at_ms) {
  const before = state.strokes[id];
  const grown = before && tool === "pen" ? [...before.pts, ...pts] : before && tool !== "point" ? [before.pts[0], pts.at(-1)] : pts;
  return { ...state, strokes: { ...state.strokes, [id]: { id, stream, seq, tool, color, w, ttl, text, author, pts: grown, at_ms } } };
}

/** 1 fresh … 0 gone; a stroke without a ttl stays. It fades in its last second. */
export function visibility(stroke, now_ms) {
  if (stroke.ttl === null || stroke.ttl === undefined) return 1;
  const left_ms = stroke.at_ms + stroke.ttl * 1000 - now_ms;
  return Math.max(0, Math.min(1, left_ms / 1000));
}

/** Without what has faded. The same state when nothing has. */
export function tidied(state, now_ms) {
  const kept = Object.entries(state.strokes).filter(([, stroke]) => visibility(stroke, now_ms) > 0);
  return kept.length === Object.keys(state.strokes).length ? state : { ...state, strokes: Object.fromEntries(kept) };
}

/** The strokes that belong to this picture: all on the moving one, only its own on a frozen one. */
export const strokesOn = (state, frame) => Object.values(state.strokes).filter((stroke) => !frame || sameFrame(stroke, frame));

/** The newest stroke of this author, for undo. */
export const lastOf = (state, author) => Object.values(state.strokes).filter((one) => !author || one.author === author).at(-1) ?? null;

/** Where a picture of this shape lies in a box: {x, y, width, height}, whole, in the middle. */
export function letterbox(box, picture) {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height };
}

/** A point of the box as 0…1 of the picture; null beside it. */
export function onPicture({ x, y }, area) {
  const [u, v] = [(x - area.x) / area.width, (y - area.y) / area.height];
  return u >= 0 && u <= 1 && v >= 0 && v <= 1 ? [round(u), round(v)] : null;
}

export const onScreen = ([u, v], area) => ({ x: area.x + u * area.width, y: area.y + v * area.height });

const round = (value) => Math.round(value * 1e5) / 1e5;

/** Whether whoever has just told of `state` never heard our own last word on the frozen picture. */
export function wasLost(state, own) {
  if (own?.t === "freeze") return state.frozen === null;
  if (own?.t === "unfreeze") return sameFrame(state.frozen, own.was);
  return own?.t === "seen" && sameFrame(state.frozen, own) && !sameFrame(state.seen, own);
}

// The patient before the road; who talks comes last.
const WORTH = ["body", "cabin", "ultrasound", "road", "consult"];
const worthOf = ({ role }) => (WORTH.includes(role) ? WORTH.indexOf(role) : WORTH.length);

/** Which of two cameras a physician is shown first; of two that look at the same the one that started last. */
export const byWorth = (a, b) => worthOf(a) - worthOf(b) || Date.parse(b.started_at) - Date.parse(a.started_at);
