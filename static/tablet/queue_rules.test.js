import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesWithWaiting, hasGiven, holdsWithWaiting, nextBatch, nextTry_ms, oldestWaiting, patientWithWaiting, refused, setAside, waitAfter, waiting, withWaiting, worthRetrying } from "./queue_rules.js";

const mission = { id: "m", state: "en_route", facts: [{ id: "f1", fact: "en_route", undone: false }], times: { assigned: "2026-01-01T08:00:00+00:00", en_route: "2026-01-01T08:02:00+00:00" } };
const fact = (name, at = "2026-01-01T08:05:00+00:00") => ({ kind: "fact", missionId: "m", body: { id: name, fact: name, occurred_at: at } });

test("a waiting fact moves the mission on the screen, never backwards", () => {
  assert.equal(withWaiting(mission, [fact("on_scene")]).state, "on_scene");
  assert.equal(withWaiting(mission, [fact("acknowledged")]).state, "en_route");
  assert.equal(withWaiting(mission, [fact("no_patient")]).state, "no_patient");
  assert.equal(withWaiting(mission, []), mission);
  assert.equal(withWaiting(undefined, [fact("on_scene")]), undefined);
});

test("a waiting fact of another mission and a refused one change nothing", () => {
  assert.equal(withWaiting(mission, [{ ...fact("on_scene"), missionId: "x" }]), mission);
  assert.equal(withWaiting(mission, [{ ...fact("on_scene"), refused: "no" }]), mission);
});

test("a fact taken back leaves the screen before the server knows", () => {
  const seen = withWaiting(mission, [{ kind: "undo", missionId: "m", factId: "f1" }]);

  assert.equal(seen.state, "assigned");
  assert.equal(seen.times.en_route, undefined);
});

test("an entry that arrived is not shown twice", () => {
  const stored = [{ id: "a", occurred_at: "2026-01-01T08:00:00+00:00" }];
  const job = (id, at) => ({ kind: "entry", missionId: "m", body: { id, element: "drug.aspirin", occurred_at: at } });
  const shown = entriesWithWaiting(stored, [job("a", "2026-01-01T08:00:00+00:00"), job("b", "2026-01-01T08:01:00+00:00")], "m");
  assert.deepEqual(shown.map((entry) => [entry.id, Boolean(entry.waiting)]), [["b", true], ["a", false]]);
});

test("a waiting correction strikes out what it replaces", () => {
  const stored = [{ id: "a", occurred_at: "2026-01-01T08:00:00+00:00", replaced: false }];
  const job = { kind: "entry", missionId: "m", body: { id: "b", replaces: "a", occurred_at: "2026-01-01T08:01:00+00:00" } };

  const shown = entriesWithWaiting(stored, [job], "m");

  assert.equal(shown.find((entry) => entry.id === "a").replaced, true);
});

test("the last identity that waits is the one shown", () => {
  const said = (body) => ({ kind: "patient", missionId: "m", body });
  assert.equal(patientWithWaiting(null, [said({ name: "Wu" }), said({ name: "Wu Lan" })], "m").name, "Wu Lan");
  assert.equal(patientWithWaiting({ name: "Wu" }, [said({ name: "Wu", unknown: true })], "m").name, "");
  assert.equal(patientWithWaiting(null, [], "m"), null);
});

test("what the crew said of itself and its devices shows before the server has it", () => {
  const jobs = [
    { kind: "hold", body: { id: "n", kind: "equipment", what: "suction" } },
    { kind: "hold", body: { id: "no", kind: "rest", what: "meal" }, refused: "Said already." },
    { kind: "release", holdId: "a" },
  ];
  const shown = holdsWithWaiting([{ id: "a", kind: "rest", what: "meal" }, { id: "b", kind: "equipment", what: "radio" }], jobs);
  assert.deepEqual(shown.map((hold) => [hold.id, Boolean(hold.waiting)]), [["b", false], ["n", true]]);
});

test("the crew has signed as soon as it tapped", () => {
  assert.equal(hasGiven({ mission_id: "m", given_at: null }, [{ kind: "give", missionId: "m" }]), true);
  assert.equal(hasGiven({ mission_id: "m", given_at: null }, []), false);
  assert.equal(hasGiven(null, []), false);
});

test("only an ill server, an ill link or a lost sign-in is tried again, ever more slowly", () => {
  const answers = [[0], [429], [500], [503], [401], [403, "not_authenticated"], [403, "no_access"], [400], [404], [409]];
  assert.deepEqual(answers.map(([status, code]) => worthRetrying({ status, code })), [true, true, true, true, true, true, false, false, false, false]);
  assert.ok(waitAfter(0) < waitAfter(3));
  assert.equal(waitAfter(30), waitAfter(40));
});

test("what was refused waits for a person, not for the server", () => {
  const jobs = [fact("on_scene"), { ...fact("at_patient"), refused: "Not now." }, { ...fact("at_patient"), sent: true }];
  assert.deepEqual([waiting(jobs).length, refused(jobs).length], [1, 1]);
});

const entry = (number, missionId = "m") => ({ number, kind: "entry", missionId, path: `/api/missions/${missionId}/entries/`, body: { id: String(number) } });
const step = (number, missionId = "m") => ({ number, kind: "fact", missionId, path: `/api/missions/${missionId}/facts/`, body: {} });
const numbers = (jobs) => jobs.map((job) => job.number);

test("entries that follow each other go together, a status between them keeps its place", () => {
  const jobs = [entry(1), entry(2, "other"), entry(3), step(4), entry(5)];

  assert.deepEqual(numbers(nextBatch(jobs)), [1, 3]);
  assert.deepEqual(numbers(nextBatch(jobs.slice(3))), [4]);
  assert.deepEqual(numbers(nextBatch(jobs, { most: 1 })), [1]);
});

test("a mission that cannot be sent holds up itself only", () => {
  const jobs = [step(1), entry(2), entry(3, "other"), entry(4, "other")];

  assert.deepEqual(numbers(nextBatch(jobs, { isHeld: (lane) => lane === "m" })), [3, 4]);
  assert.deepEqual(nextBatch(jobs, { isHeld: () => true }), []);
});

test("of a list that was refused each goes alone", () => {
  const jobs = [entry(1), entry(2), entry(3)];

  assert.deepEqual(numbers(nextBatch(jobs, { alone: new Set([1, 2]) })), [1]);
  assert.deepEqual(numbers(nextBatch(jobs.slice(2), { alone: new Set([1, 2]) })), [3]);
});

test("what was refused is passed over and stays; set aside it is no longer counted", () => {
  const jobs = [{ ...entry(1), refused: "No." }, { ...entry(2), refused: "No.", aside: true }, entry(3)];

  assert.deepEqual(numbers(nextBatch(jobs)), [3]);
  assert.deepEqual([numbers(refused(jobs)), numbers(setAside(jobs))], [[1], [2]]);
});

test("the oldest tap that waits is named", () => {
  assert.equal(oldestWaiting([{ ...entry(1), at: "2026-01-01T08:05:00+00:00", sent: true }, { ...entry(2), at: "2026-01-01T08:07:00+00:00" }, entry(3)]), "2026-01-01T08:07:00+00:00");
  assert.equal(oldestWaiting([]), null);
});

test("the next try comes with the first lane that is free again", () => {
  assert.equal(nextTry_ms(new Map([["m", { until_ms: 1500 }], ["x", { until_ms: 1200 }]]), 1000), 200);
  assert.ok(waitAfter(3, 0.5) < waitAfter(3));
});
