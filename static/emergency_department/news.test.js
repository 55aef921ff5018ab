import assert from "node:assert/strict";
import { test } from "node:test";
import { newsOf } from "./news.js";

const at = (minute) => `2026-01-01T08:${String(minute).padStart(2, "0")}:00+00:00`;
const card = (looked_at) => ({
  handover: { looked_at, on_board_at: at(10) },
  given: [{ id: 1, entered_at: at(5) }, { id: 2, entered_at: at(12) }],
  allergies: [{ entered_at: at(2) }],
  ecgs: [{ recorded_at: at(13) }],
  pathways: [{ opened_at: at(3), ticks: { ecg: { at: at(14), by: null }, aspirin: { at: at(4), by: {} } } }],
});

test("before the first look nothing is marked", () => {
  assert.equal(newsOf(card(null)).count, 0);
});

test("what was written after the last look is marked, what was read is not", () => {
  const news = newsOf(card(at(11)));
  assert.deepEqual([news.rows.map((row) => row.id), news.ecgs.length, news.pathways.length, news.boarded], [[2], 1, 0, false]);
  assert.equal(news.count, 2);
});

test("a file that came after the last look is news once", () => {
  const attachments = [{ occurred_at: at(5) }, { occurred_at: at(12), entered_at: at(12) }];
  const news = newsOf({ ...card(at(11)), attachments });
  assert.deepEqual([news.files.length, news.count], [1, 3]);
});

test("a tick of a person is news, one of the record is told by what it ticks for", () => {
  assert.equal(newsOf(card(at(3))).pathways.length, 1);
  assert.equal(newsOf(card(at(9))).boarded, true);
});
