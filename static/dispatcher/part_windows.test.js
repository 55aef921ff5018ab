import assert from "node:assert/strict";
import { test } from "node:test";

import { showPart } from "./part_windows.js";

/** A browser that keeps windows by name, and what was done to them. */
function browser() {
  const windows = new Map();
  const done = [];
  function open(address, name) {
    if (!windows.has(name)) {
      done.push(`open ${name}`);
      const location = { pathname: "blank", replace: (path) => (done.push(`load ${path}`), (location.pathname = path)) };
      windows.set(name, { location, focus: () => done.push(`focus ${name}`) });
    }
    return windows.get(name);
  }
  return { open, done };
}

test("the first press opens one window, the second brings it to the front", () => {
  const { open, done } = browser();

  assert.equal(showPart("map", open), true);
  assert.deepEqual(done.splice(0), ["open onboard-map", "load /console/map/", "focus onboard-map"]);
  assert.equal(showPart("map", open), true);
  assert.deepEqual(done, ["focus onboard-map"]);
});

test("each part has its own window", () => {
  const { open, done } = browser();

  showPart("map", open);
  showPart("journal", open);

  assert.deepEqual(done.filter((one) => one.startsWith("open")), ["open onboard-map", "open onboard-journal"]);
});

test("a window that is not allowed is told", () => {
  assert.equal(showPart("map", () => null), false);
});
