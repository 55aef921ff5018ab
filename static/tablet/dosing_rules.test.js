import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cautions, dose, needsSecondPerson, weightByAge } from "./dosing_rules.js";

const { formulary, doses, weights } = JSON.parse(readFileSync(new URL("../../tests/rules/cases/dosing.json", import.meta.url)));

test("every dose, refusal and caution is here as on the server", () => {
  assert.ok(doses.length >= 300);
  for (const { drug: code, use: place, patient, now, result } of doses) {
    const drug = formulary.drug[code];
    const use = drug.uses[place];
    const found = dose(drug, use, patient);
    const heeded = found.refused ? [] : cautions(drug, use, found, now);
    assert.deepEqual({ ...found, cautions: heeded, second: needsSecondPerson(drug, patient.age_years) }, result, `${code} ${place} ${JSON.stringify(patient)}`);
  }
});

test("a weight by age is the server's", () => {
  for (const { age_years, weight_kg } of weights) assert.equal(weightByAge(formulary.weight.bands, age_years), weight_kg, String(age_years));
});
