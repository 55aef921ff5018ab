import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { conflicts, correction, entry, group, groupsOf, replaced, standing, withdrawal } from "./entries.js";

const { elements, cases } = JSON.parse(readFileSync(new URL("../../../tests/rules/cases/merging.json", import.meta.url)));
const AT = "2026-11-22T12:00:00+00:00";

test("every interleaving stands here as it stands on the server", () => {
  assert.ok(cases.length >= 100);
  for (const { name, entries, standing: expected, replaced: gone } of cases) {
    const seen = standing(entries, elements).map((place) => ({ element: place.element, group: place.group, heads: place.heads.map((head) => head.id), conflict: place.conflict }));

    assert.deepEqual(seen, expected, name);
    assert.deepEqual(replaced(entries).sort(), gone, name);
  }
});

test("the order of arrival does not matter", () => {
  for (const { name, entries } of cases) assert.deepEqual(standing([...entries].reverse(), elements), standing(entries, elements), name);
});

test("a correction settles a conflict and keeps both parents", () => {
  const first = entry("situation.acuity", "critical", AT);
  const both = ["lower", "emergent"].map((value) => entry("situation.acuity", value, AT, { replaces: [first.id] }));
  const [open] = conflicts(standing([first, ...both], elements));

  const settled = correction(open, "lower", "2026-11-22T12:01:00+00:00");
  const log = [first, ...both, settled];

  assert.deepEqual([...settled.replaces].sort(), both.map((row) => row.id).sort());
  assert.deepEqual(conflicts(standing(log, elements)), []);
  assert.equal(standing(log, elements)[0].heads[0].value, "lower");
  assert.equal(log.length, 4);
});

test("a withdrawn statement stands no more", () => {
  const log = [entry("situation.acuity", "critical", AT)];

  assert.deepEqual(standing([...log, withdrawal(standing(log, elements)[0], AT)], elements), []);
});

test("a group is tied by one uuid, and what was not said is not written", () => {
  const rows = group({ "arrest_event.kind": "shock", "arrest_event.shock_energy": { value: 200, unit: "J" }, "arrest_event.rhythm": "" }, AT);

  assert.equal(rows.length, 2);
  assert.equal(new Set(rows.map((row) => row.group)).size, 1);
  assert.deepEqual([rows[1].value, rows[1].unit], ["200", "J"]);
  assert.deepEqual(Object.keys(groupsOf(standing(rows, elements), "arrest_event")[0].values).sort(), ["arrest_event.kind", "arrest_event.shock_energy"]);
});
