import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.gettext = (text) => text;
const { ageWords, columnsFor, faultOf, stepWords } = await import("./tile_rules.js");

const about = { ended: false, live: true, step: "hd" };

test("an age is read at a glance", () => {
  assert.deepEqual([140, 9949, 14_400, 200_000].map(ageWords), ["0.1 s", "9.9 s", "14 s", "3 min"]);
});

test("a picture that is not of now says why", () => {
  const said = (more, camera = {}) => faultOf({ about: { ...about, ...camera }, link: "live", age_ms: 90, late: false, ...more });

  assert.equal(said({}), "");
  assert.equal(said({ late: true, age_ms: 1500 }), "This picture is old");
  assert.equal(said({ link: "lost" }), "No connection to the centre");
  assert.equal(said({}, { live: false }), "No link to the vehicle");
  assert.equal(said({ age_ms: null }), "Waiting for the picture…");
  assert.equal(said({}, { ended: true }), "Camera switched off");
});

test("every step below the whole picture is said", () => {
  assert.equal(stepWords(about), "");
  assert.deepEqual(["sd", "still", "voice"].map((step) => stepWords({ ...about, step }) !== ""), [true, true, true]);
});

test("tiles fill the place that they have", () => {
  assert.equal(columnsFor(1, 1200, 900), 1);
  assert.equal(columnsFor(4, 1600, 900), 2);
  assert.equal(columnsFor(3, 1800, 400), 3);
  assert.equal(columnsFor(3, 400, 900), 1);
});
