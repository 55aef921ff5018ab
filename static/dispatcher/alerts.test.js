import assert from "node:assert/strict";
import { test } from "node:test";

import { alertsOf, heardNow, unheard } from "./alerts.js";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const ago = (seconds) => new Date(NOW - seconds * 1000).toISOString();
const rows = (...all) => Object.fromEntries(all.map((one) => [one.id, one]));
const board = (collections) => ({ cursor: 1, ready: true, collections });
const mission = (more = {}) => ({ id: "m", open: true, state: "assigned", call_sign: "A1", incident_id: "i", times: { assigned: ago(100) }, overdue_s: 60, ...more });

test("a crew in danger comes before everything else", () => {
  const found = alertsOf(
    board({
      calls: rows({ id: "c", ring_at: ago(300) }),
      missions: rows(mission()),
      crew_alarms: rows({ id: "x", occurred_at: ago(5), call_sign: "A2", acknowledged_at: null }, { id: "y", occurred_at: ago(9), acknowledged_at: ago(1) }),
    }),
    NOW,
  );
  assert.deepEqual(found.map((one) => one.id), ["crew:x", "call:c", "late:m:assigned"]);
});

test("a mission is late only past its limit, and a crew that does not answer is not also late", () => {
  const of = (one) => alertsOf(board({ missions: rows(one) }), NOW).map((each) => each.id);
  assert.deepEqual(of(mission({ times: { assigned: ago(60) } })), []);
  assert.deepEqual(of(mission({ times: { assigned: ago(61) } })), ["late:m:assigned"]);
  assert.deepEqual(of(mission({ instead: { call_sign: "A2" } })), ["instead:m"]);
  assert.deepEqual(of(mission({ open: false })), []);
});

test("what was heard is never heard again, also after a reload with the same ledger", () => {
  const alerts = alertsOf(board({ missions: rows(mission()) }), NOW);
  const ledger = JSON.parse(JSON.stringify(heardNow({}, alerts, NOW)));
  assert.equal(unheard(alerts, {}).length, 1);
  assert.deepEqual(unheard(alerts, ledger), []);
  assert.deepEqual(unheard(alerts, {}, new Set(["late:m:assigned"])), []);
});

test("the ledger forgets after a day, not before", () => {
  const day = 86_400_000;
  assert.deepEqual(heardNow({ a: NOW - day + 1, b: NOW - day }, [], NOW), { a: NOW - day + 1 });
});

test("a second step of the same handover is a new alert", () => {
  const at = (level) => alertsOf(board({ handovers: rows({ id: "h", mission_id: "m", alarm_level: level }) }), NOW).map((one) => one.id);
  assert.deepEqual([at(0), at(1), at(2)], [[], ["handover:h:1"], ["handover:h:2"]]);
});
