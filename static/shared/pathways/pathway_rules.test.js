import assert from "node:assert/strict";
import { test } from "node:test";
import { activeOf, clocksOf, directOf, itemsOf, kindsLeft, progressOf, teamsOf } from "./pathway_rules.js";

const CATALOGUE = {
  stemi: {
    items: [{ code: "ecg", side: "crew", operational: true }, { code: "aspirin", side: "crew" }, { code: "lab", side: "hospital", operational: true }],
    clocks: { a: { en: "A", target_s: 600 }, b: { en: "B", target_s: 0 } },
  },
  stroke: { items: [], clocks: {} },
};
const pathway = (more = {}) => ({ id: "1", mission_id: "m", kind: "stemi", state: "open", opened_at: "2026-01-01T08:00:00Z", ticks: {}, clocks: [], teams: [], direct_to: "", ...more });
const done = { answer: "done" };

test("open pathways come before proposed ones, ended ones are gone", () => {
  const rows = { 1: pathway({ id: "1", state: "proposed", proposed_at: "2026-01-01T07:00:00Z" }), 2: pathway({ id: "2", kind: "stroke" }), 3: pathway({ id: "3", state: "discarded" }), 4: pathway({ id: "4", mission_id: "other" }) };
  assert.deepEqual(activeOf(rows, "m").map((one) => one.id), ["2", "1"]);
  assert.deepEqual(kindsLeft(CATALOGUE, activeOf(rows, "m")), []);
});

test("progress counts what the screen is shown", () => {
  const row = pathway({ ticks: { aspirin: done, lab: { answer: "not_done" }, ecg: { answer: "not_applicable" } } });
  assert.deepEqual(progressOf(CATALOGUE.stemi, row), { done: 2, all: 3 });
  assert.deepEqual(progressOf(CATALOGUE.stemi, row, true), { done: 1, all: 2 });
});

test("this side's open items stand first", () => {
  const order = (side, ticks) => itemsOf(CATALOGUE.stemi, pathway({ ticks }), side).map((one) => one.item.code);
  assert.deepEqual(order("crew", { ecg: done }), ["aspirin", "ecg", "lab"]);
  assert.deepEqual(order("hospital", {}), ["lab", "ecg", "aspirin"]);
});

test("running clocks come first, and one that the file does not know is shown by its code", () => {
  const row = pathway({ clocks: [{ code: "a", started_at: "x", ended_at: "y" }, { code: "new", started_at: "x", ended_at: null }] });
  assert.deepEqual(clocksOf(CATALOGUE.stemi, row).map((one) => [one.code, one.target_s]), [["new", 0], ["a", 600]]);
});

test("a team that was stood down is none, and the first word where to go counts", () => {
  assert.equal(teamsOf(pathway({ teams: [{ stood_down_at: "x" }, { stood_down_at: null }] })).length, 1);
  assert.equal(directOf([pathway(), pathway({ direct_to: "ct" })]).direct_to, "ct");
  assert.equal(directOf([pathway()]), null);
});
