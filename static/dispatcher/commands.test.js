import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.gettext = (text) => text;
globalThis.interpolate = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
globalThis.document = { getElementById: () => null, documentElement: { lang: "en" } };
const { suggest } = await import("./commands.js");
const { initialState } = await import("./console_state.js");

const rows = (...all) => Object.fromEntries(all.map((one) => [one.id, one]));
const unit = (call_sign, more = {}) => ({ id: call_sign, call_sign, status: "available", posting: null, fix: { lat: 31, lon: 120 }, ...more });
const mission = (call_sign, kind) => ({ id: `m-${call_sign}`, call_sign, kind, open: true, state: "assigned", next: ["cancelled", "diverted"], incident_id: "i" });
const state = {
  ...initialState,
  posts: [
    { code: "S1", kind: "relocation", name_en: "Far Station", name_zh: "远站", lat: 31.2, lon: 120 },
    { code: "P1", kind: "standby", name_en: "North Bridge", name_zh: "北桥", lat: 31.01, lon: 120 },
  ],
  board: {
    cursor: 1,
    ready: true,
    collections: {
      units: rows(unit("A1"), unit("A2", { status: "en_route" }), unit("A3", { status: "assigned", posting: "standby" })),
      missions: rows(mission("A2", "emergency"), mission("A3", "standby")),
    },
  },
};
const labels = (text) => suggest(state, text).options.map((one) => one.label);
const pressed = (text) => {
  const done = [];
  suggest(state, text).options[0].run(new Proxy({}, { get: (_, name) => (...all) => done.push([name, ...all.map((one) => one.code ?? one.call_sign)]) }));
  return done[0];
};

test("post offers the units that may be sent, then the places, the nearest first", () => {
  assert.deepEqual(labels("post a"), ["A1", "A3"]);
  assert.deepEqual(labels("post A1 "), ["A1 → North Bridge", "A1 → Far Station"]);
  assert.deepEqual(labels("post A1 far"), ["A1 → Far Station"]);
  assert.deepEqual(labels("post A1 北"), ["A1 → North Bridge"]);
});

test("a post that was named asks why", () => {
  assert.deepEqual(pressed("post A1 bridge"), ["askPostReason", "A1", "P1"]);
});

test("a unit under way to somebody is not posted, and says so", () => {
  assert.deepEqual(labels("post A2"), []);
  assert.match(suggest(state, "post A2").error, /No free unit/);
});

test("a posting is ended by the bar, and asked nothing that is about a patient", () => {
  assert.deepEqual(labels("which hospital "), ["A2"]);
  assert.deepEqual(labels("use elsewhere "), ["A2"]);
  assert.deepEqual(labels("cancel mission "), ["A2", "A3"]);
  assert.deepEqual(pressed("cancel mission A3"), ["endPosting", "A3"]);
  assert.deepEqual(pressed("cancel mission A2"), ["askCancel", "A2"]);
});
