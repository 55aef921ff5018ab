import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.gettext ??= (text) => text;
globalThis.interpolate ??= (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
const { etaRange } = await import("./eta_range.js");

test("a range is whole minutes, outwards", () => {
  assert.equal(etaRange({ eta_low_s: 299, eta_high_s: 481 }), "4–9 min");
  assert.equal(etaRange({ eta_low_s: 60, eta_high_s: 60 }), "1–2 min");
});

test("an estimate without a range shows none", () => {
  assert.equal(etaRange({ eta_low_s: null, eta_high_s: null }), "");
  assert.equal(etaRange({}), "");
});
