import assert from "node:assert/strict";
import { test } from "node:test";

import { coverageFeatures, levelOf, percent } from "./coverage_rules.js";

test("a probability has one level, and nobody is told apart from few", () => {
  assert.deepEqual([1, 0.95, 0.91, 0.7, 0.3, 0].map(levelOf), ["high", "high", "good", "thin", "thin", "none"]);
});

test("a share is never rounded to everything or to nothing", () => {
  assert.deepEqual([1, 0.998, 0.824, 0.004, 0].map(percent), ["100 %", "99 %", "82 %", "1 %", "0 %"]);
});

test("each zone becomes a closed square, coloured by its level and as strong as its demand", () => {
  const { features } = coverageFeatures([[10, 50, 10.1, 50.1, 0.4, 0.97, 3], [10.1, 50, 10.2, 50.1, 0.1, 0, 0]], (level) => `the colour of ${level}`);

  assert.deepEqual(features.map((one) => one.properties), [{ level: "high", colour: "the colour of high", weight: 1, units: 3 }, { level: "none", colour: "the colour of none", weight: 0.5, units: 0 }]);
  const [ring] = features[0].geometry.coordinates;
  assert.equal(ring.length, 5);
  assert.deepEqual(ring[0], ring[4]);
});

test("a city without zones draws nothing", () => assert.deepEqual(coverageFeatures([]).features, []));
