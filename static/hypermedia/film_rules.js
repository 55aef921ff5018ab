// Where in which film a moment is, what has to be fetched for it, and where nothing was recorded. Pure.
// A recording: {began_ms, duration_ms, init, at: [ms], ms: [ms], from: [byte], bytes: [n], strip}.

export const AHEAD_MS = 12_000;
export const BEHIND_MS = 6_000;
const ORDER = ["cabin", "body", "ultrasound", "consult", "road"]; // the patient first
const SEAM_MS = 500; // between two stretches of one film: no gap that anybody sees

/** Recordings of one camera under one name: what a tile shows, oldest first; the patient before the road. */
export function camerasOf(recordings) {
  const cameras = new Map();
  for (const one of recordings) {
    const key = `${one.camera}·${one.name}`;
    if (!cameras.has(key)) cameras.set(key, { key, camera: one.camera, name: one.name, films: [] });
    cameras.get(key).films.push(one);
  }
  const order = ({ camera }) => ORDER.indexOf(camera) + 1 || ORDER.length + 1;
  return [...cameras.values()].map((one) => ({ ...one, films: one.films.sort((a, b) => a.began_ms - b.began_ms) })).sort((a, b) => order(a) - order(b));
}

const endOf = (film) => film.began_ms + film.duration_ms;

/** The film that shows this moment; of two that do, the later one. */
export const filmAt = (films, at_ms) => films.findLast((film) => film.began_ms <= at_ms && at_ms < endOf(film)) ?? null;

/** The film that begins next after a moment where nothing was recorded; null after the last. */
export const nextFilm = (films, at_ms) => films.find((film) => film.began_ms > at_ms && film.duration_ms) ?? null;

/** The last of an ascending list that is not above `value`; -1 where all are. */
export function lastUpTo(list, value) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const MP4 = { avcC: (at) => `avc1.${at}`, Opus: () => "opus", mp4a: () => "mp4a.40.2" };
const WEBM = { V_VP8: "vp8", V_VP9: "vp9", A_OPUS: "opus" };

/** The kind of a film by the tracks in its opening: a recorder may have promised more. `stated` where they are not known. */
export function mimeOf(opening, stated) {
  const text = new TextDecoder("latin1").decode(opening);
  const container = stated.split(";")[0];
  const found = [];
  if (container === "video/mp4") {
    for (const [box, named] of Object.entries(MP4)) {
      const at = text.indexOf(box);
      if (at < 0) continue;
      found.push(named(Array.from(opening.subarray(at + 5, at + 8), (byte) => byte.toString(16).padStart(2, "0")).join("")));
    }
  } else found.push(...Object.keys(WEBM).filter((id) => text.includes(id)).map((id) => WEBM[id]));
  return found.some((codec) => !["opus", "mp4a.40.2"].includes(codec)) ? `${container};codecs="${found.join(",")}"` : stated;
}

/** The stretch of the film that shows a moment of its own time, null before the first. */
export function fragmentAt(film, film_ms) {
  const at = lastUpTo(film.at, film_ms);
  return at < 0 ? null : at;
}

/** The stretches to have for a moment: [first, last]; `ahead_ms` grows with the speed. */
export function wanted(film, film_ms, { ahead_ms = AHEAD_MS, behind_ms = BEHIND_MS } = {}) {
  if (!film.at.length) return null;
  const here = fragmentAt(film, film_ms) ?? 0;
  return [Math.max(0, Math.min(here, lastUpTo(film.at, film_ms - behind_ms))), Math.max(here, lastUpTo(film.at, film_ms + ahead_ms))];
}

/** The next run that is not held yet, as one range of bytes: {first, last, from, to}; null when all is there. */
export function nextRun(film, [first, last], held, { most = 4, here = first } = {}) {
  const order = [...Array(last - first + 1).keys()].map((at) => first + at);
  const next = order.find((at) => at >= here && !held.has(at)) ?? order.find((at) => !held.has(at));
  if (next === undefined) return null;
  let end = next;
  while (end < last && end - next + 1 < most && !held.has(end + 1) && film.from[end + 1] === film.from[end] + film.bytes[end]) end += 1;
  return { first: next, last: end, from: film.from[next], to: film.from[end] + film.bytes[end] - 1 };
}

/** Where a camera recorded nothing between its first picture and the end of the mission: [{from_ms, to_ms}]. */
export function gapsOf(films, begins_ms, ends_ms) {
  const gaps = [];
  let reached = begins_ms;
  for (const [from, to] of stretchesOf(films)) {
    if (from - reached > SEAM_MS) gaps.push({ from_ms: reached, to_ms: from });
    reached = Math.max(reached, to);
  }
  if (ends_ms - reached > SEAM_MS) gaps.push({ from_ms: reached, to_ms: ends_ms });
  return gaps;
}

/** What was recorded, as [from_ms, to_ms], in order; a hole inside a film parts it. */
export function stretchesOf(films) {
  const found = [];
  for (const film of films) {
    let open = null;
    film.at.forEach((at, index) => {
      const from = film.began_ms + at;
      const to = from + film.ms[index];
      if (open && from - open[1] <= SEAM_MS) open[1] = Math.max(open[1], to);
      else found.push((open = [from, to]));
    });
  }
  return found.sort((a, b) => a[0] - b[0]);
}

/** Where the small picture of a moment stands in the film's sheet; null without one. */
export function cellAt(film, film_ms) {
  const { strip } = film;
  if (!strip?.count) return null;
  const place = Math.max(0, Math.min(strip.count - 1, Math.floor(film_ms / strip.every_ms)));
  return { x: (place % strip.columns) * strip.width, y: Math.floor(place / strip.columns) * strip.height, width: strip.width, height: strip.height };
}

/** How far a film's own clock is from where it should be: how to put it right. Far: jump. Near: a little faster or slower. */
export function correction(off_s, speed) {
  if (Math.abs(off_s) > 0.35) return { jump: true, rate: speed };
  if (Math.abs(off_s) < 0.04) return { jump: false, rate: speed };
  return { jump: false, rate: speed * (off_s > 0 ? 0.94 : 1.06) };
}
