// The time that all tracks follow: one clock that is played, held and moved. Pure: it is told the time of the machine.

export const SPEEDS = [0.5, 1, 2, 4];

export const newClock = ({ begins_ms, ends_ms, at_ms = begins_ms }) => ({ begins_ms, ends_ms, at_ms, playing: false, speed: 1, told_ms: 0 });

const within = (clock, at_ms) => Math.max(clock.begins_ms, Math.min(clock.ends_ms, at_ms));

/** The clock after the machine's own time has moved on; it stops at the end. */
export function ticked(clock, now_ms) {
  if (!clock.playing) return { ...clock, told_ms: now_ms };
  const at_ms = within(clock, clock.at_ms + (now_ms - clock.told_ms) * clock.speed);
  return { ...clock, at_ms, told_ms: now_ms, playing: at_ms < clock.ends_ms };
}

export const seek = (clock, at_ms) => ({ ...clock, at_ms: within(clock, at_ms) });
export const hold = (clock) => ({ ...clock, playing: false });

/** Playing at the end begins anew. */
export const play = (clock, now_ms) => ({ ...clock, at_ms: clock.at_ms >= clock.ends_ms ? clock.begins_ms : clock.at_ms, playing: true, told_ms: now_ms });

/** One step faster (1) or slower (-1). */
export function paced(clock, by) {
  const at = SPEEDS.indexOf(clock.speed) + by;
  return { ...clock, speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))] };
}
