import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isChecked } from "./sources.js";

const { formulary } = JSON.parse(readFileSync(new URL("../../tests/rules/cases/dosing.json", import.meta.url)));

test("every dose that the server sends says whether its source was checked", () => {
  const uses = Object.values(formulary.drug).flatMap((drug) => drug.uses);
  assert.ok(uses.every((use) => use.source && typeof use.checked === "string"));
  assert.ok(uses.some(isChecked));
  assert.ok(uses.some((use) => !isChecked(use)));
});

test("a row without a source has nothing to be compared with", () => {
  assert.equal(isChecked({ unit: "mg" }), true);
  assert.equal(isChecked({ source: "a guideline", checked: "" }), false);
  assert.equal(isChecked({ source: "a guideline", checked: "2026-11-23" }), true);
});
