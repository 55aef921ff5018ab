import assert from "node:assert/strict";
import { test } from "node:test";

import { boundsOf, incidentFeatures, routeFeatures, signature, unitFeatures } from "./map_features.js";

const AT = Date.parse("2026-01-01T10:00:00+00:00");
const unit = (id, status, fix) => ({ id, call_sign: id.toUpperCase(), status, fix });
const fixAt = (fix_at, speed_mps = 12) => ({ lat: 30, lon: 120, heading_deg: 90, speed_mps, fix_at });
const options = { at_ms: AT, where: (u) => [u.fix.lon, u.fix.lat] };

test("a moving unit shows its heading, a stale one is drawn as stale without", () => {
  const units = [
    unit("a1", "en_route", fixAt("2026-01-01T09:59:59+00:00")),
    unit("a2", "en_route", fixAt("2026-01-01T09:59:00+00:00")),
  ];

  const [fresh, stale] = unitFeatures(units, options).features;

  assert.equal(fresh.properties.icon, "unit-moving-triangle");
  assert.equal(fresh.properties.arrow, "heading-moving");
  assert.equal(stale.properties.icon, "unit-moving-triangle-stale");
  assert.equal(stale.properties.arrow, "");
});

test("units off shift or without a fix are not drawn", () => {
  const units = [unit("a1", "off_shift", fixAt("2026-01-01T09:59:59+00:00")), unit("a2", "available", null)];

  assert.deepEqual(unitFeatures(units, options).features, []);
});

test("open incidents are drawn by priority, the selected one on top", () => {
  const incidents = [
    { id: "i1", number: 1, priority: 1, state: "waiting", lat: 30, lon: 120 },
    { id: "i2", number: 2, priority: 4, state: "assigned", lat: 30, lon: 120 },
    { id: "i3", number: 3, priority: 1, state: "closed", lat: 30, lon: 120 },
  ];

  const [first, second, ...rest] = incidentFeatures(incidents, { selected: "i2" }).features;

  assert.equal(first.properties.icon, "incident-1-waiting");
  assert.equal(second.properties.icon, "incident-4-assigned");
  assert.ok(second.properties.order > first.properties.order);
  assert.deepEqual(rest, []);
});

test("a route needs two points, bounds need one", () => {
  assert.deepEqual(routeFeatures([{ points: [[1, 2]] }]).features, []);
  assert.deepEqual(boundsOf([[1, 2], [3, 0]]), [[1, 0], [3, 2]]);
  assert.equal(boundsOf([]), null);
});

test("a step of less than half a pixel is no new picture", () => {
  const at = (lon) => unitFeatures([unit("a1", "en_route", { ...fixAt("2026-01-01T09:59:59+00:00"), lon })], options);

  assert.equal(signature(at(120), 11), signature(at(120.00001), 11));
  assert.notEqual(signature(at(120), 18), signature(at(120.00001), 18));
  assert.notEqual(signature(at(120), 11), signature(at(120.01), 11));
});
