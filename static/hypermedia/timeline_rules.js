// Time to place and back, marks that do not lie over each other, and what is drawn of a curve. Pure.

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * 1000);
const SHORTEST_MS = 10_000;

export const xOf = (at_ms, view) => ((at_ms - view.from_ms) / (view.to_ms - view.from_ms)) * view.width;
export const timeAt = (x, view) => view.from_ms + (x / view.width) * (view.to_ms - view.from_ms);

/** The times that are written along the line: not nearer than `least_px` to each other. */
export function ticks(view, least_px = 90) {
  const span_ms = view.to_ms - view.from_ms;
  const step = STEPS_MS.find((one) => (one / span_ms) * view.width >= least_px) ?? STEPS_MS.at(-1);
  const found = [];
  for (let at = Math.ceil(view.from_ms / step) * step; at <= view.to_ms; at += step) found.push(at);
  return { step, times: found };
}

/** Nearer (factor < 1) or further, the moment under `x` stays where it is; never beyond the whole. */
export function zoomed(view, factor, x, whole) {
  const at = timeAt(x, view);
  const span = Math.max(SHORTEST_MS, Math.min(whole.to_ms - whole.from_ms, (view.to_ms - view.from_ms) * factor));
  return placed({ ...view, from_ms: at - (x / view.width) * span, to_ms: at - (x / view.width) * span + span }, whole);
}

/** Into the whole, without changing how much is seen. */
export function placed(view, whole) {
  const span = view.to_ms - view.from_ms;
  const from_ms = Math.max(whole.from_ms, Math.min(whole.to_ms - span, view.from_ms));
  return { ...view, from_ms, to_ms: from_ms + span };
}

/** So that a moment is seen: turned like a page when it runs out of the view. */
export function following(view, at_ms, whole) {
  if (at_ms >= view.from_ms && at_ms <= view.to_ms) return view;
  const span = view.to_ms - view.from_ms;
  return placed({ ...view, from_ms: at_ms - span * 0.1, to_ms: at_ms + span * 0.9 }, whole);
}

/** Moments of one lane that would lie over each other, as one mark: [{x, moments}]. */
export function clustered(moments, view, least_px = 22) {
  const found = [];
  for (const moment of moments) {
    if (moment.at_ms < view.from_ms || moment.at_ms > view.to_ms) continue;
    const x = xOf(moment.at_ms, view);
    const last = found.at(-1);
    if (last && x - last.x < least_px) last.moments.push(moment);
    else found.push({ x, moments: [moment] });
  }
  return found;
}

/** A curve as runs of points; a pause of more than `gap_ms` parts it: what was not measured is not drawn. */
export function curve({ at, value }, view, { low, high, height, gap_ms }) {
  const runs = [];
  let run = null;
  let before = null;
  at.forEach((time, index) => {
    if (time < view.from_ms - gap_ms || time > view.to_ms + gap_ms) return;
    if (run === null || time - before > gap_ms) runs.push((run = []));
    run.push([xOf(time, view), height - ((Math.max(low, Math.min(high, value[index])) - low) / (high - low)) * height]);
    before = time;
  });
  return runs;
}

/** The value that a monitor showed at a moment: the newest that was not too old; null when there was none. */
export function valueAt({ at, value }, at_ms, stale_ms) {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle] <= at_ms) low = middle + 1;
    else high = middle;
  }
  return low && at_ms - at[low - 1] <= stale_ms ? { value: value[low - 1], at_ms: at[low - 1] } : null;
}

/** The moment of the list at or before a time: which row is marked as now. */
export function currentOf(moments, at_ms) {
  return moments.findLast((one) => one.at_ms <= at_ms)?.id ?? null;
}

/** Late: it reached the centre more than a minute after it happened. */
export const isLate = ({ at_ms, recorded_ms }) => recorded_ms !== null && recorded_ms - at_ms > 60_000;

/** The next moment in a direction, for the keys; 500 ms apart, so that one is left behind. */
export const neighbour = (moments, at_ms, by) => (by > 0 ? moments.find((one) => one.at_ms > at_ms + 500) : moments.findLast((one) => one.at_ms < at_ms - 500)) ?? null;
