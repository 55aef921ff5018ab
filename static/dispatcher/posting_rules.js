// Where a unit may be sent to wait, the nearest first. Pure.

/** A digit picks one of nine; the command bar knows them all. */
export const MOST_OFFERED = 9;

/** Near enough for an order of posts within one city: degrees, a meridian's worth each. */
function apart(point, { lat, lon }) {
  const wide = (point.lon - lon) * Math.cos((lat * Math.PI) / 180);
  return Math.hypot(point.lat - lat, wide);
}

/** The waiting points {code, kind, name_en, name_zh, lat, lon} as the crow flies from a fix; as they came without one. */
export const nearestFirst = (points, fix) => (fix ? [...points].sort((a, b) => apart(a, fix) - apart(b, fix)) : points);

/** Without the one where it is posted already: label, as its mission has it, or null. */
export const pointsFor = (points, unit, label) => nearestFirst(points.filter(({ name_en, name_zh }) => (name_en || name_zh) !== label), unit.fix);
