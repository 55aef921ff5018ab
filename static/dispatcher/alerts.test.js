import assert from "node:assert/strict";
import { test } from "node:test";

import { alertsOf, noted, unheard } from "./alerts.js";

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
  const ledger = JSON.parse(JSON.stringify(noted({}, alerts, NOW)));
  assert.equal(unheard(alerts, {}).length, 1);
  assert.deepEqual(unheard(alerts, ledger), []);
  assert.deepEqual(unheard(alerts, {}, new Set(["late:m:assigned"])), []);
});

test("a board that is fetched anew after a lost link rings for nothing that was heard", () => {
  const waits = () => board({ incidents: rows({ id: "i", state: "waiting", priority: 2, opened_at: ago(30) }) });
  const ledger = noted({}, alertsOf(waits(), NOW), NOW);
  const fresh = board({ incidents: rows(...Object.values(waits().collections.incidents), { id: "j", state: "waiting", priority: 1, opened_at: ago(1) }) });
  assert.deepEqual(unheard(alertsOf(waits(), NOW), ledger), []);
  assert.deepEqual(unheard(alertsOf(fresh, NOW), ledger).map((one) => one.id), ["incident:j"]);
});

const DAY_MS = 86_400_000;

test("the ledger forgets after a day, not before, and never what still stands", () => {
  const longAgo = { a: NOW - DAY_MS + 1, b: NOW - DAY_MS, c: NOW - 3 * DAY_MS };
  assert.deepEqual(noted(longAgo, [], NOW), { a: NOW - DAY_MS + 1 });
  assert.deepEqual(noted(longAgo, [], NOW, [{ id: "c" }]), { a: NOW - DAY_MS + 1, c: NOW - 3 * DAY_MS });
});

test("the ledger keeps a thousand ids at most, the newest of them", () => {
  const many = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`x${index}`, NOW - index]));
  const kept = noted(many, [], NOW);
  assert.equal(Object.keys(kept).length, 1000);
  assert.ok("x0" in kept && !("x1000" in kept));
});

test("a second step of the same handover is a new alert", () => {
  const at = (level) => alertsOf(board({ handovers: rows({ id: "h", mission_id: "m", alarm_level: level }) }), NOW).map((one) => one.id);
  assert.deepEqual([at(0), at(1), at(2)], [[], ["handover:h:1"], ["handover:h:2"]]);
});
