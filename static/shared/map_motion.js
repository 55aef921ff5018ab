// Units glide between their 1 Hz fixes. A long step is a jump, not a drive, and is not animated.

const JUMP_DEG = 0.006;
const SHORTEST_MS = 400;
const LONGEST_MS = 2000;
const SLOWEST_MS = 5000;

/**
 * How often units are drawn: seen from afar a vehicle moves less than a pixel a second, and a desk
 * without a graphics card (a frame then takes `lag_ms`) must keep its processor for the person.
 */
export function framePace_ms(zoom, lag_ms) {
  const wanted_ms = zoom < 13 ? 1000 : zoom < 15 ? 250 : 100;
  return Math.min(SLOWEST_MS, Math.max(wanted_ms, lag_ms * 4));
}

/** Share of the screen's own resolution: a slow desk draws a coarser map, and a fast one again the fine. */
export function sharpness(before, lag_ms) {
  if (lag_ms > 200) return 0.5;
  return lag_ms < 40 ? 1 : before;
}

const mix = (from, to, share) => from + (to - from) * share;

export function createMotion() {
  const legs = new Map();

  function at(id, now_ms) {
    const leg = legs.get(id);
    if (!leg) return null;
    const share = Math.min(1, (now_ms - leg.since_ms) / leg.lasts_ms);
    return [mix(leg.from[0], leg.to[0], share), mix(leg.from[1], leg.to[1], share)];
  }

  /** Take the unit's newest fix. */
  function take(unit, now_ms) {
    const { lon, lat, fix_at } = unit.fix;
    const leg = legs.get(unit.id);
    if (leg?.fix_at === fix_at) return;
    const fix_ms = Date.parse(fix_at);
    const to = [lon, lat];
    const from = leg ? at(unit.id, now_ms) : to;
    const jump = Math.abs(to[0] - from[0]) > JUMP_DEG || Math.abs(to[1] - from[1]) > JUMP_DEG;
    const gap_ms = leg ? fix_ms - leg.fix_ms : 0;
    const lasts_ms = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, gap_ms));
    legs.set(unit.id, { from: jump ? to : from, to, since_ms: now_ms, lasts_ms, fix_at, fix_ms });
  }

  /** Is anything still on its way? */
  const moving = (now_ms) => {
    for (const leg of legs.values()) {
      if (now_ms - leg.since_ms < leg.lasts_ms && leg.from[0] !== leg.to[0]) return true;
    }
    return false;
  };

  return { take, at, moving };
}
