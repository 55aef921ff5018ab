import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, energies, eventsOf } from "./arrest_rules.js";

const PROTOCOL = {
  child_below_years: 18,
  cycle: { length_s: 120, warn_s: 15 },
  adrenaline: { after_shocks: 3, from_s: 180, to_s: 300 },
  amiodarone: { after_shocks: [3, 5] },
  shock: { adult_J: [150, 200, 360], child_J_per_kg: 4 },
};
const s = (seconds) => seconds * 1000;
const at = (seconds, kind, more = {}) => ({ kind, at_ms: s(seconds), rhythm: "", energy_J: null, ...more });
const drug = (seconds, name) => at(seconds, "drug", { drug: name });
const VF = [at(0, "started"), at(10, "rhythm_check", { rhythm: "vf" }), at(15, "shock"), at(135, "rhythm_check", { rhythm: "vf" }), at(140, "shock")];

test("a cycle lasts two minutes from the last shock, and warns a quarter of a minute before its end", () => {
  const left = (now) => clock(VF, PROTOCOL, s(now)).cycle;

  assert.deepEqual([left(140).left_s, left(140).phase], [120, "compress"]);
  assert.equal(left(245).phase, "warn");
  assert.deepEqual([left(261).phase, left(261).left_s], ["check", -1]);
});

test("a shock in the pause of a rhythm check begins no cycle of its own", () => {
  assert.equal(clock(VF, PROTOCOL, s(150)).cycle.number, 2);
});

test("without a shockable rhythm adrenaline is due at once, with one after the third shock", () => {
  const asystole = clock([at(0, "started"), at(5, "rhythm_check", { rhythm: "asystole" })], PROTOCOL, s(6));
  const third = [...VF, at(260, "rhythm_check", { rhythm: "vf" }), at(262, "shock")];

  assert.equal(asystole.adrenaline.due, true);
  assert.equal(clock(VF, PROTOCOL, s(150)).adrenaline.due, false);
  assert.equal(clock(third, PROTOCOL, s(263)).adrenaline.due, true);
});

test("adrenaline comes again after three minutes and is late after five", () => {
  const given = [...VF, drug(150, "adrenaline")];
  const state = (now) => clock(given, PROTOCOL, s(now)).adrenaline;

  assert.deepEqual([state(329).due, state(330).due, state(450).late, state(451).late], [false, true, false, true]);
  assert.equal(state(300).left_s, 30);
});

test("amiodarone is due after the third and again after the fifth shock, not a third time", () => {
  const shocks = (count) => [at(0, "started"), ...Array.from({ length: count }, (_, n) => at(10 + n * 120, "shock"))];
  const due = (...events) => clock(events.flat(), PROTOCOL, s(900)).amiodarone.due;

  assert.deepEqual([due(shocks(2)), due(shocks(3)), due(shocks(4), drug(300, "amiodarone")), due(shocks(5), drug(300, "amiodarone"))], [false, true, false, true]);
  assert.equal(due(shocks(7), drug(300, "amiodarone"), drug(500, "amiodarone")), false);
});

test("with circulation back the clock stands; a new arrest sets it going", () => {
  const rosc = [...VF, at(300, "rosc")];

  assert.equal(clock(rosc, PROTOCOL, s(900)).state, "rosc");
  assert.equal(clock(rosc, PROTOCOL, s(900)).elapsed_s, 300);
  assert.equal(clock([...rosc, at(950, "rearrest")], PROTOCOL, s(960)).state, "running");
  assert.equal(clock([], PROTOCOL, 0).state, "none");
});

test("a child's energy follows the weight, never above the adult's first, and is refused without one", () => {
  assert.deepEqual(energies(PROTOCOL, { child: true, weight_kg: 20 }), [80]);
  assert.deepEqual(energies(PROTOCOL, { child: true, weight_kg: 90 }), [150]);
  assert.deepEqual(energies(PROTOCOL, { child: true, weight_kg: null }), []);
  assert.deepEqual(energies(PROTOCOL, { child: false, weight_kg: null }), [150, 200, 360]);
});

test("events come out of the record's groups in their order, drugs among them", () => {
  const place = (value, seconds) => [{ heads: [{ value, occurred_at: new Date(s(seconds)).toISOString() }] }];
  const events = eventsOf(
    [{ values: { "arrest_event.kind": place("shock", 9), "arrest_event.shock_energy": place("200", 9) } }, { values: { "arrest_event.kind": place("started", 1) } }],
    [{ values: { "medication.drug": place("adrenaline", 5) } }],
  );

  assert.deepEqual(events.map((event) => event.drug ?? event.kind), ["started", "adrenaline", "shock"]);
  assert.equal(events[2].energy_J, 200);
});
