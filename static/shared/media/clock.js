// How far this clock is from the hub's, by the quickest of the latest answers. Pure.

const KEPT = 40;

/** Milliseconds since 1970 with their fraction. */
export const now_ms = () => performance.timeOrigin + performance.now();

export function hubClock() {
  let heard = [];
  return {
    /** An answer to what we sent `at`, that came `now`, and says `hub_ms`. */
    hear(at, now, hub_ms) {
      heard = [...heard, { took: now - at, offset_ms: hub_ms - (at + now) / 2 }].slice(-KEPT);
    },
    /** Add it to our time to get the hub's; null before the first answer. */
    offset_ms: () => (heard.length ? heard.reduce((best, one) => (one.took < best.took ? one : best)).offset_ms : null),
  };
}
