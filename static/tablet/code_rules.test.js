import assert from "node:assert/strict";
import test from "node:test";
import { codeText, searchCodes } from "./code_rules.js";

const ROWS = [
  ["icd10:I20.9", "Angina", "心绞痛", "Cardiac"],
  ["icd10:I21.3", "ST elevation infarction (STEMI)", "ST 段抬高型心肌梗死", "Cardiac"],
  ["icd10:R07.9", "Chest pain, unspecified", "", "Cardiac"],
  ["icd10:S20.2", "Contusion of chest", "", "Injury"],
];
const found = (words, most) => searchCodes(ROWS, words, most).map(([value]) => value);

test("a code is found by its beginning, in any case, with or without the point", () => {
  assert.deepEqual(found("i21"), ["icd10:I21.3"]);
  assert.deepEqual(found("I2"), ["icd10:I20.9", "icd10:I21.3"]);
});

test("every word must be there, in whatever order", () => {
  assert.deepEqual(found("pain chest"), ["icd10:R07.9"]);
  assert.deepEqual(found("chest nothing"), []);
});

test("a name that begins so stands before one that only has it", () => {
  assert.deepEqual(found("chest"), ["icd10:R07.9", "icd10:S20.2"]);
});

test("Chinese and the category find, too", () => {
  assert.deepEqual(found("心肌"), ["icd10:I21.3"]);
  assert.deepEqual(found("injury"), ["icd10:S20.2"]);
});

test("nothing typed shows the list from its beginning, never more than asked for", () => {
  assert.deepEqual(found("", 2), ["icd10:I20.9", "icd10:I21.3"]);
  assert.deepEqual(found("   ").length, 4);
});

test("a value is read with the name of its system", () => {
  assert.equal(codeText("snomed:392230005"), "SNOMED CT 392230005");
});
