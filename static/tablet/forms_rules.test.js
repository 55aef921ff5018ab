import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { standing } from "../shared/record/entries.js";
import { answer, answersOf, evaluateForm } from "./forms_rules.js";

const { forms, cases } = JSON.parse(readFileSync(new URL("../../tests/rules/cases/forms.json", import.meta.url)));

test("every form judges here as it judges on the server", () => {
  assert.ok(cases.length >= 100);
  for (const { form, answers, result } of cases) assert.deepEqual(evaluateForm(forms[form], answers), result, `${form} ${JSON.stringify(answers)}`);
});

test("the answers are entries, and the last one written counts", () => {
  const at = "2026-11-22T12:00:00+00:00";
  const first = answer(forms.lams, "grip", "some", "g", [], at);
  const second = answer(forms.lams, "grip", "severe", "g", standing([first], {}), at);

  assert.deepEqual(second.replaces, [first.id]);
  assert.deepEqual(answersOf(forms.lams, "g", standing([first, second], {})), { grip: "severe" });
  assert.deepEqual(evaluateForm(forms.lams, { grip: "severe" }).missing, ["face", "arm"]);
});
