import assert from "node:assert/strict";
import { test } from "node:test";
import { REGIONS, burnt, surface, total } from "./body_rules.js";

// As burns.toml has it; a rule of the server's tests holds the two together.
const BURNS = {
  nines: { from_years: 15, percent: { head: 4.5, chest: 9, abdomen: 9, pelvis: 1, upper_back: 9, lower_back: 9, arm: 3.25, hand: 1.25, leg: 7.25, foot: 1.75 } },
  lund_browder: { ages: [0, 1, 5, 10, 15, 18], head: [19, 17, 13, 11, 9, 7], thigh: [5.5, 6.5, 8, 8.5, 9, 9.5], lower_leg: [5, 5, 5.5, 6, 6.5, 7], neck: 2, trunk_front: 13, trunk_back: 13, buttock: 2.5, genitals: 1, upper_arm: 4, lower_arm: 3, hand: 2.5, foot: 3.5 },
};
const whole = (age) => Object.entries(REGIONS).flatMap(([view, regions]) => regions.map(([region]) => surface(region, view, age, BURNS))).reduce((sum, one) => sum + one, 0);

test("all regions of front and back are the whole surface, at every age", () => {
  for (const age of [null, 0, 1, 4, 5, 9, 10, 14, 15, 17, 80]) assert.equal(Math.round(whole(age) * 1000) / 1000, 100, `age ${age}`);
});

test("an infant's head is more than an adult's, and the legs less", () => {
  assert.equal(surface("head", "front", 0, BURNS), 10.5);
  assert.equal(surface("head", "front", 40, BURNS), 4.5);
  assert.ok(surface("leg", "front", 0, BURNS) < surface("leg", "front", 14, BURNS));
});

test("a part of a region is that part of its surface, to a quarter of a per cent", () => {
  assert.equal(burnt("chest", "front", "50", null, BURNS), 4.5);
  assert.equal(burnt("hand", "front", "100", null, BURNS), 1.25);
  assert.equal(burnt("arm", "back", "25", null, BURNS), 0.75);
});

test("reddened skin does not count, and no body burns more than whole", () => {
  const burn = (percent, depth) => ({ values: { "exam.burn_percent": [{ heads: [{ value: String(percent) }] }], "exam.burn_depth": [{ heads: [{ value: depth }] }] } });

  assert.deepEqual(total([burn(9, "partial"), burn(4.5, "full"), burn(18, "superficial"), { values: {} }]), { percent: 13.5, deep: 4.5 });
  assert.equal(total([burn(60, "full"), burn(60, "full")]).percent, 100);
});
