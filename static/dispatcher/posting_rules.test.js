import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestFirst, pointsFor } from "./posting_rules.js";

const point = (code, lon, lat) => ({ code, lon, lat, name_en: `${code} street`, name_zh: "" });
const far = point("far", 120.2, 31.0);
const near = point("near", 120.01, 31.0);
const north = point("north", 120.0, 31.1);
const codes = (points) => points.map((one) => one.code);

test("the nearest post comes first, and a degree of longitude is shorter than one of latitude", () => {
  assert.deepEqual(codes(nearestFirst([far, north, near], { lon: 120.0, lat: 31.0 })), ["near", "north", "far"]);
  const east = point("east", 120.11, 31.0);
  assert.deepEqual(codes(nearestFirst([north, east], { lon: 120.0, lat: 31.0 })), ["east", "north"]);
});

test("without a position they stay as they came", () => {
  assert.deepEqual(codes(nearestFirst([far, near], null)), ["far", "near"]);
});

test("where a unit is posted already it is not offered to be sent", () => {
  assert.deepEqual(codes(pointsFor([far, near], { fix: null }, "near street")), ["far"]);
  assert.deepEqual(codes(pointsFor([far, near], { fix: null }, null)), ["far", "near"]);
});
