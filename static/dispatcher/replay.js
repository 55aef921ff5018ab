// A stored track in time: where the unit was, what it had told, what happens next. Pure.
// replay: {unit, begins, ends (ISO), missions, track, at_ms, speed, playing, loading, error}

export const SPEEDS = [1, 5, 20, 60];
// Between two fixes farther apart nobody knows where the unit was.
const GAP_MS = 30_000;

/** The server's points as {at_ms, lon, lat, heading}: parsed once, not at every frame. */
export const readTrack = ({ points, statuses, every }) => ({
  every,
  points: points.map(([at, lon, lat, heading, speed]) => ({ at_ms: Date.parse(at), lon, lat, heading, speed_mps: speed })),
  statuses: statuses.map((one) => ({ ...one, at_ms: Date.parse(one.at) })),
});

/** The index of the last element at or before the moment, -1 when there is none. */
export function lastBefore(rows, at_ms) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].at_ms <= at_ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** {lon, lat, heading, speed_mps, age_ms}, between two fixes on the way from one to the other; null before the first. */
export function placeAt({ points }, at_ms) {
  const index = lastBefore(points, at_ms);
  if (index < 0) return null;
  const [here, next] = [points[index], points[index + 1]];
  const age_ms = at_ms - here.at_ms;
  const gap_ms = next ? next.at_ms - here.at_ms : 0;
  const share = next && gap_ms > 0 && gap_ms <= GAP_MS ? age_ms / gap_ms : 0;
  const mix = (name) => (share ? here[name] + (next[name] - here[name]) * share : here[name]);
  return { lon: mix("lon"), lat: mix("lat"), heading: here.heading, speed_mps: here.speed_mps, age_ms: share ? 0 : age_ms };
}

/** The status that holds at the moment, null before the first. */
export const statusAt = ({ statuses }, at_ms) => statuses[lastBefore(statuses, at_ms)] ?? null;

/** The replay after so many real milliseconds; it stops at the end. */
export function advance(replay, real_ms) {
  const last_ms = Date.parse(replay.ends);
  const at_ms = Math.min(last_ms, replay.at_ms + real_ms * replay.speed);
  return { ...replay, at_ms, playing: replay.playing && at_ms < last_ms };
}

/** The moment of the next (+1) or the earlier (-1) status; the ends of the range when there is none. */
export function nextStatus(replay, step) {
  const [first, last] = [Date.parse(replay.begins), Date.parse(replay.ends)];
  const times = replay.track.statuses.map((one) => one.at_ms).filter((at) => at >= first && at <= last);
  const later = step > 0 ? times.find((at) => at > replay.at_ms) : times.findLast((at) => at < replay.at_ms - 500);
  return later ?? (step > 0 ? last : first);
}

/** What the map draws of it. */
export function drawnTrack(replay) {
  if (!replay?.track) return null;
  const place = placeAt(replay.track, replay.at_ms);
  return { line: replay.track.line, at: place && [place.lon, place.lat], label: replay.unit.call_sign, heading: place?.heading ?? 0 };
}
