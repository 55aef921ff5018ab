// Coverage as the map draws it: levels of expected coverage, squares as features. Pure.

/** Lowest probability of each level, best first; the scale under the figure and the map agree by it. */
export const LEVELS = [
  { code: "high", from: 0.95 },
  { code: "good", from: 0.85 },
  { code: "thin", from: 0.01 },
  { code: "none", from: 0 },
];

export const levelOf = (likely) => LEVELS.find(({ from }) => likely >= from).code;

/** 0.8249 → '82 %'. Never rounded up to everything, never down to nothing. */
export function percent(share) {
  const whole = share >= 1 ? 100 : Math.min(99, Math.round(share * 100));
  return `${share > 0 ? Math.max(1, whole) : whole} %`;
}

/** zones: [[west, south, east, north, share, likely, units], …]; the more demand, the stronger the colour(level). */
export function coverageFeatures(zones, colour) {
  const most = Math.max(...zones.map((zone) => zone[4]), 1e-9);
  const features = zones.map(([west, south, east, north, share, likely, units]) => ({
    type: "Feature",
    geometry: { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] },
    properties: { level: levelOf(likely), colour: colour(levelOf(likely)), weight: Math.sqrt(share / most), units },
  }));
  return { type: "FeatureCollection", features };
}
