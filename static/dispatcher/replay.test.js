import assert from "node:assert/strict";
import { test } from "node:test";

import { advance, lastBefore, nextStatus, placeAt, readTrack, statusAt } from "./replay.js";

const iso = (second) => new Date(second * 1000).toISOString();
const track = readTrack({
  every: 1,
  points: [[iso(10), 120, 31, 0, 10], [iso(12), 120.002, 31, 90, 10], [iso(100), 120.5, 31.5, 90, 10]],
  statuses: [{ at: iso(5), fact: "acknowledged" }, { at: iso(50), fact: "en_route" }],
});

test("between two fixes the unit is on the way, across a gap it stays where it was last seen", () => {
  assert.equal(placeAt(track, 9_999), null);
  assert.ok(Math.abs(placeAt(track, 11_000).lon - 120.001) < 1e-9);
  assert.deepEqual([placeAt(track, 60_000).lon, placeAt(track, 60_000).age_ms], [120.002, 48_000]);
  assert.equal(placeAt(track, 500_000).lon, 120.5);
});

test("a status holds from its time until the next", () => {
  assert.equal(statusAt(track, 4_000), null);
  assert.equal(statusAt(track, 49_999).fact, "acknowledged");
  assert.equal(statusAt(track, 50_000).fact, "en_route");
});

test("the last row at or before a moment is found at every edge", () => {
  const rows = [1, 2, 2, 5].map((at_ms) => ({ at_ms }));
  assert.deepEqual([0, 1, 2, 4, 9].map((at) => lastBefore(rows, at)), [-1, 0, 2, 2, 3]);
});

test("a replay runs at its speed and stops at its end", () => {
  const replay = { at_ms: 10_000, begins: iso(0), ends: iso(60), speed: 20, playing: true, track };
  assert.equal(advance(replay, 1000).at_ms, 30_000);
  assert.deepEqual([advance(replay, 9000).at_ms, advance(replay, 9000).playing], [60_000, false]);
});

test("one key leads from status to status and to the ends", () => {
  const at = (second) => ({ at_ms: second * 1000, begins: iso(0), ends: iso(200), track });
  assert.equal(nextStatus(at(10), 1), 50_000);
  assert.equal(nextStatus(at(60), 1), 200_000);
  assert.equal(nextStatus(at(60), -1), 50_000);
  assert.equal(nextStatus(at(3), -1), 0);
});
