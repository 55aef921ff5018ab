import assert from "node:assert/strict";
import { test } from "node:test";
import { entry, group, correction, standing } from "./entries.js";
import { earlierOf, rowsOf, timeLine } from "./line_rules.js";

const at = (minute) => `2026-11-22T14:${String(minute).padStart(2, "0")}:00.000Z`;
const CATALOGUE = { "medication.drug": { occurs: "group" }, "medication.dose": { occurs: "group" }, "situation.complaint": { occurs: "once" } };

test("a drug with its dose and route is one row at the time it was given", () => {
  const given = group({ "medication.drug": "aspirin", "medication.dose": { value: 300, unit: "mg" } }, at(5));
  const later = entry("medication.response", "improved", at(9), { group: given[0].group });

  const [row] = rowsOf(standing([...given, later], CATALOGUE));

  assert.equal(row.kind, "medication");
  assert.equal(row.doubtful, false);
  assert.equal(rowsOf(standing([{ ...given[0], problems: [{ code: "out_of_bounds", text: "…" }] }], CATALOGUE))[0].doubtful, true);
  assert.equal(row.occurred_at, at(5));
  assert.equal(row.places.length, 3);
});

test("two words for one thing make a row in conflict, and what was corrected is still found", () => {
  const first = entry("situation.complaint", "chest_pain", at(1));
  const [place] = standing([first], CATALOGUE);
  const mine = correction(place, "stroke", at(2));
  const theirs = correction(place, "trauma", at(3));
  const entries = [{ ...first, replaced: true }, mine, theirs];

  const [row] = rowsOf(standing(entries, CATALOGUE));

  assert.equal(row.conflict, true);
  assert.deepEqual(earlierOf(row, entries).map((one) => one.value), ["chest_pain"]);
});

test("statuses, statements and curves stand in one line, newest first", () => {
  const mission = { times: { assigned: at(0), on_scene: at(4) } };
  const places = standing([entry("situation.complaint", "stroke", at(6))], CATALOGUE);

  const rows = timeLine(mission, places, [{ id: "e", ecg: true, occurred_at: at(5) }]);

  assert.deepEqual(rows.map((row) => row.fact ?? row.kind ?? "ecg"), ["situation", "ecg", "on_scene", "assigned"]);
});
