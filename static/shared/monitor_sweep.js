// The sweeping trace on a canvas: an erase bar, lines only between samples that
// follow each other, hatching where nothing was received. One animation loop
// serves every monitor of the page.

import { BUFFER_MS, chunkOf, inserted, lapOf, newestEnd, onScreen, playout, strokeEvery, trace } from "./monitor_rules.js";

const PIXELS_PER_S = 94.5; // 25 mm at 96 dots an inch
const PIXELS_PER_MV = 37.8; // 10 mm
const ERASE_PX = 14;
const KEEP_MS = 30_000;

const sweeps = new Set();
let drawn_ms = 0;
let offered_ms = 0;
let between_ms = 16; // running mean of the time between two frames that the browser offers

function loop(now) {
  if (sweeps.size === 0) return;
  requestAnimationFrame(loop);
  between_ms += (Math.min(now - offered_ms, 500) - between_ms) / 20;
  offered_ms = now;
  if (now - drawn_ms < strokeEvery(between_ms)) return;
  drawn_ms = now;
  for (const sweep of sweeps) sweep.step();
}

export function startSweep(canvas) {
  const context = canvas.getContext("2d");
  let chunks = [];
  let play = { offset: null, buffer: BUFFER_MS };
  let drawnTo = null; // wall time up to which the canvas is painted
  let seen = true;
  let size = { width: 0, height: 0, span: 1000 };
  let ink = { theme: null, trace: "", hatch: "" };

  const clock = () => performance.timeOrigin + performance.now();

  function measure() {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    size = { width, height, span: (Math.max(width, 1) / PIXELS_PER_S) * 1000 };
    drawnTo = null;
  }

  function followTheme() {
    const theme = document.documentElement.dataset.theme ?? "";
    if (ink.theme === theme) return;
    const style = getComputedStyle(canvas);
    const token = (name) => style.getPropertyValue(name).trim();
    ink = { theme, trace: token("--vital-heart"), hatch: token("--line-strong") };
    drawnTo = null;
  }

  const gain = () => Math.min(PIXELS_PER_MV, size.height / 2.2);

  function level(millivolts) {
    return Math.min(size.height - 2, Math.max(2, size.height * 0.62 - millivolts * gain()));
  }

  function hatchBetween(x0, x1) {
    context.strokeStyle = ink.hatch;
    context.lineWidth = 1;
    context.beginPath();
    for (let x = Math.ceil((x0 - size.height) / 8) * 8; x < x1; x += 8) {
      context.moveTo(x, size.height);
      context.lineTo(x + size.height, 0);
    }
    context.stroke();
  }

  function clipped(x0, x1, paint) {
    context.save();
    context.beginPath();
    context.rect(x0, 0, x1 - x0, size.height);
    context.clip();
    paint();
    context.restore();
  }

  /** Paints [from, to] of wall time, all within one lap from edge to edge. */
  function paint(from, to, lap) {
    const { span, width, height } = size;
    const start = ((from - lap * span) / span) * width;
    const x = (wall) => start + ((wall - from) / span) * width;
    context.clearRect(start, 0, x(to) - start + ERASE_PX, height);
    if (play.offset === null) {
      clipped(start, x(to), () => hatchBetween(start, x(to)));
      return;
    }
    const drawn = trace(chunks, from - play.offset, to - play.offset);
    for (const [a, b] of drawn.gaps) {
      const left = x(a + play.offset);
      const right = x(b + play.offset);
      clipped(left, right, () => hatchBetween(left, right));
    }
    context.strokeStyle = ink.trace;
    context.lineWidth = 1.75;
    context.lineJoin = "round";
    context.beginPath();
    for (const run of drawn.runs) {
      for (let i = 0; i < run.length; i += 2) {
        const point = [x(run[i] + play.offset), level(run[i + 1])];
        if (i === 0) context.moveTo(...point);
        else context.lineTo(...point);
      }
    }
    context.stroke();
  }

  function paintTo(wall) {
    const { span } = size;
    let from = drawnTo;
    if (from === null || wall - from > span) {
      context.clearRect(0, 0, size.width, size.height);
      from = wall - span + (ERASE_PX / size.width) * span;
    }
    while (from < wall) {
      const lap = lapOf(from, span);
      const to = Math.min((lap + 1) * span, wall);
      paint(from, to, lap);
      from = to;
    }
    drawnTo = wall;
  }

  const sweep = {
    step() {
      if (!seen || document.hidden || size.width === 0) return;
      followTheme();
      paintTo(clock());
    },
    take(wave) {
      const chunk = chunkOf(wave);
      if (!chunk) return;
      const before = newestEnd(chunks);
      chunks = inserted(chunks, chunk, Math.max(before ?? 0, chunk.end) - KEEP_MS);
      const end = newestEnd(chunks);
      if (before !== null && end <= before) { // back-fill: the hatching gives way where it is still to be seen
        if (onScreen(chunk, sweep.playing(), size.span)) drawnTo = null;
        return;
      }
      play = playout(play, clock(), end);
      if (play.moved) drawnTo = null;
    },
    /** Milliseconds of wall time since the newest sample arrived at the play head's end. */
    silentFor: () => (play.offset === null ? Infinity : clock() - play.offset - newestEnd(chunks)),
    /** The moment of the body now under the pen. */
    playing: () => (play.offset === null ? null : clock() - play.offset),
    /** Pixels of one millivolt, for the scale beside the trace. */
    gain,
    stop() {
      sweeps.delete(sweep);
      resized.disconnect();
      visible.disconnect();
    },
  };

  const resized = new ResizeObserver(measure);
  resized.observe(canvas);
  const visible = new IntersectionObserver(([entry]) => { seen = entry.isIntersecting; });
  visible.observe(canvas);
  measure();
  sweeps.add(sweep);
  if (sweeps.size === 1) requestAnimationFrame(loop);
  return sweep;
}
