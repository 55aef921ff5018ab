import assert from "node:assert/strict";
import { test } from "node:test";
import { LEADS, LEFT_MM, MISSING, decoded, fitted, level, measured, moved, paperOf, runs, strips, toPaper, toWindow, zoomed } from "./ecg_rules.js";

const names = (layout, cabrera, row) => strips({ layout, cabrera, seconds: 10 }).filter((strip) => strip.row === row).map((strip) => (strip.sign < 0 ? "-" : "") + strip.lead);

test("three rows of four and a rhythm strip stand as on paper", () => {
  assert.deepEqual(names("3x4", false, 0), ["I", "aVR", "V1", "V4"]);
  assert.deepEqual(names("3x4", false, 1), ["II", "aVL", "V2", "V5"]);
  assert.deepEqual(names("3x4", false, 2), ["III", "aVF", "V3", "V6"]);
  assert.deepEqual(names("3x4", false, 3), ["II"]);
});

test("six rows of two and twelve rows of one hold every lead once", () => {
  for (const layout of ["6x2", "12x1"]) {
    const leads = strips({ layout, cabrera: false, seconds: 10 }).map((strip) => strip.lead);
    assert.deepEqual(leads.toSorted(), LEADS.toSorted());
  }
  assert.deepEqual(names("6x2", false, 3), ["aVR", "V4"]);
});

test("Cabrera's order turns aVR round", () => {
  const order = [0, 1, 2, 3, 4, 5].map((row) => names("12x1", true, row)[0]);
  assert.deepEqual(order, ["aVL", "I", "-aVR", "II", "aVF", "III"]);
  assert.deepEqual(names("3x4", true, 0), ["aVL", "II", "V1", "V4"]);
});

test("columns follow each other in time", () => {
  const row = strips({ layout: "3x4", cabrera: false, seconds: 10 }).filter((strip) => strip.row === 0);
  assert.deepEqual(row.map((strip) => [strip.from_s, strip.to_s]), [[0, 2.5], [2.5, 5], [5, 7.5], [7.5, 10]]);
});

test("ten seconds at 25 mm/s are 250 mm of paper", () => {
  const paper = paperOf({ layout: "12x1", seconds: 10, speed: 25 });
  assert.equal(paper.width_mm, LEFT_MM + 250 + 4);
  assert.ok(paper.width_mm <= 277 && paper.height_mm <= 180, "prints on A4");
});

test("calipers give interval, rate and amplitude", () => {
  assert.deepEqual(measured({ x: 10, y: 5 }, { x: 30, y: 15 }, { speed: 25, gain: 10 }), { ms: 800, per_minute: 75, mV: 1 });
  assert.deepEqual(measured({ x: 30, y: 15 }, { x: 10, y: 5 }, { speed: 50, gain: 20 }), { ms: 400, per_minute: 150, mV: 0.5 });
  assert.equal(measured({ x: 0, y: 0 }, { x: 1, y: 0 }, { speed: 25, gain: 10 }).per_minute, null);
});

const paper = { width_mm: 268, height_mm: 136 };
const size = { width: 1200, height: 700 };

test("the whole paper fits and stands in the middle", () => {
  const view = fitted(paper, size);
  assert.ok(paper.width_mm * view.scale <= size.width + 1e-9);
  assert.ok(view.x >= 0 && view.y >= 0);
});

test("zooming keeps the point under the finger and the paper in the window", () => {
  const view = fitted(paper, size);
  const at = { x: 600, y: 350 };
  const before = toPaper(at, view);
  const near = zoomed(view, 3, at, paper, size);
  const after = toPaper(at, near);
  assert.ok(Math.abs(before.x - after.x) < 1e-6 && Math.abs(before.y - after.y) < 1e-6);
  assert.deepEqual(zoomed(near, 0.0001, at, paper, size), view);
  assert.equal(moved(near, 1e6, 1e6, paper, size).x, 0);
  const back = toWindow(toPaper(at, near), near);
  assert.ok(Math.abs(back.x - at.x) < 1e-6 && Math.abs(back.y - at.y) < 1e-6);
});

test("samples come back as they were sent", () => {
  const all = new Int16Array([1, -2, MISSING, 4]);
  const text = btoa(String.fromCharCode(...new Uint8Array(all.buffer)));
  assert.deepEqual(Object.values(decoded(text, 2, ["I", "II"])).map((lead) => [...lead]), [[1, -2], [MISSING, 4]]);
});

test("a missing sample leaves a hole and no line", () => {
  const found = runs(Int16Array.from([1, 2, MISSING, 4, 5]), 0, 5, 1);
  assert.deepEqual(found, [[[0, 1], [1, 2]], [[3, 4], [4, 5]]]);
});

test("far away the highest peak of each pixel stays", () => {
  const samples = new Int16Array(100);
  samples[37] = 900;
  samples[61] = -300;
  const shown = runs(samples, 0, 100, 10).flat().map(([, value]) => value);
  assert.ok(shown.includes(900) && shown.includes(-300));
  assert.ok(shown.length <= 20);
});

test("the line's level is its median and not its offset", () => {
  assert.equal(level(Int16Array.from([500, 500, 500, 1500, MISSING])), 500);
  assert.equal(level(new Int16Array(0)), 0);
});
