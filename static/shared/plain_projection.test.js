import assert from "node:assert/strict";
import { test } from "node:test";

import { toPixels, toPlace, viewOf } from "./plain_projection.js";

const size = { width: 800, height: 600 };
const near = (a, b, by = 1e-6) => assert.ok(Math.abs(a - b) < by, `${a} is not ${b}`);

test("a pixel and its place are each other's inverse", () => {
  const view = { lon: 120.3, lat: 31.5, zoom: 12.4 };
  const [lon, lat] = toPlace([123, 456], view, size);
  const [x, y] = toPixels([lon, lat], view, size);
  near(x, 123);
  near(y, 456);
});

test("north is up, east is right", () => {
  const view = { lon: 0, lat: 50, zoom: 10 };
  const [x, y] = toPixels([0.1, 50.1], view, size);
  assert.ok(x > 400 && y < 300);
});

test("a box is fitted beside what a panel hides", () => {
  const box = [[120, 31], [120.2, 31.1]];
  const view = viewOf(box, size, { left: 300, right: 20, top: 20, bottom: 20 });
  const [west, south] = toPixels(box[0], view, size);
  const [east, north] = toPixels(box[1], view, size);
  assert.ok(west > 299 && east < 781 && north > 19 && south < 581, [west, east, north, south].join());
  near((west + east) / 2, 540, 0.5);
});

test("a single point is shown at the closest zoom allowed", () => {
  const view = viewOf([[120, 31], [120, 31]], size, { maxZoom: 15 });
  assert.equal(view.zoom, 15);
  near(view.lat, 31);
});
