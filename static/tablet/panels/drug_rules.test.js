import assert from "node:assert/strict";
import { test } from "node:test";
import { entry, group, standing, withdrawal } from "../../shared/record/entries.js";
import { givenOf, known, numberOf } from "./drug_rules.js";

const at = (minute) => `2026-11-22T14:${String(minute).padStart(2, "0")}:00.000Z`;
const NOW = Date.parse(at(30));
const morphine = (minute, value, unit = "mg") => group({ "medication.drug": "morphine", "medication.dose": { value, unit } }, at(minute));
const words = (head) => head.value;

test("earlier doses are those that stand, in the formulary's unit, the latest first", () => {
  const wrong = morphine(12, 99);
  const rows = [...morphine(10, 2), ...morphine(20, 500, "ug"), ...wrong];
  const away = standing(rows, {}).filter((place) => place.group === wrong[0].group).map((place) => withdrawal(place, at(13)));

  assert.deepEqual(givenOf(standing([...rows, ...away], {}), "morphine", "mg", NOW), [{ ago_s: 600, value: 0.5 }, { ago_s: 1200, value: 2 }]);
});

test("a drug that was refused was not given, and the first records count too", () => {
  const refused = group({ "medication.drug": { value: "aspirin", pertinent_negative: "refused" } }, at(5));
  const first = entry("drug.aspirin", "300", at(6), { unit: "mg" });

  assert.deepEqual(givenOf(standing([...refused, first], {}), "aspirin", "mg", NOW), [{ ago_s: 1440, value: 300 }]);
});

test("allergies, own drugs, weight and the newest vital signs are read off what stands", () => {
  const rows = [entry("allergy", "Penicillin", at(1)), entry("allergy", "", at(2), { pertinent_negative: "no_known_allergy" }), entry("history.medication", "Sildenafil 50 mg", at(1)), entry("body.weight", "70", at(1)), entry("vital.systolic", "120", at(2), { group: "a" }), entry("vital.systolic", "85", at(9), { group: "b" })];
  const found = known(standing(rows, {}), words);

  assert.deepEqual(found, { weight_kg: 70, allergies: ["penicillin penicillin"], own_drugs: ["sildenafil 50 mg sildenafil 50 mg"], vitals: { "vital.systolic": 85 } });
});

test("glucose is compared in mmol/L whatever the meter shows", () => {
  assert.equal(numberOf({ element: "vital.glucose", value: "60", unit: "mg/dL" }), 3.3);
  assert.equal(numberOf({ element: "vital.glucose", value: "3.3", unit: "mmol/L" }), 3.3);
  assert.equal(numberOf({ element: "vital.systolic", value: "", unit: "mm[Hg]" }), null);
});
