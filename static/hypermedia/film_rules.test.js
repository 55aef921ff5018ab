import assert from "node:assert/strict";
import { test } from "node:test";

import { camerasOf, cellAt, correction, filmAt, fragmentAt, gapsOf, mimeOf, nextFilm, nextRun, stretchesOf, wanted } from "./film_rules.js";

/** A film of so many seconds, one stretch a second, each ten bytes. */
const film = (began_ms, seconds, more = {}) => {
  const each = [...Array(seconds).keys()];
  return { began_ms, duration_ms: seconds * 1000, at: each.map((at) => at * 1000), ms: each.map(() => 1000), from: each.map((at) => 100 + at * 10), bytes: each.map(() => 10), camera: "cabin", name: "", ...more };
};

test("a moment is shown by the film that was being made, the later one of two", () => {
  const [first, second] = [film(1000, 10, { id: "a" }), film(9000, 5, { id: "b" })];
  assert.equal(filmAt([first, second], 5000).id, "a");
  assert.equal(filmAt([first, second], 10500).id, "b");
  assert.equal(filmAt([first, second], 14000), null);
  assert.equal(filmAt([first, second], 999), null);
});

test("seeking into a film of two hours finds its stretch", () => {
  const long = film(0, 7200);
  assert.equal(fragmentAt(long, 5_432_100), 5432);
  assert.deepEqual(wanted(long, 5_432_100, { ahead_ms: 3000, behind_ms: 2000 }), [5430, 5435]);
  assert.deepEqual(wanted(long, 0), [0, 12]);
});

test("one range of bytes brings the next stretches that are missing, those of the moment first", () => {
  const one = film(0, 20);
  assert.deepEqual(nextRun(one, [3, 9], new Set([3, 4, 7]), { here: 5, most: 4 }), { first: 5, last: 6, from: 150, to: 169 });
  assert.deepEqual(nextRun(one, [3, 9], new Set([5, 6, 7, 8, 9]), { here: 5 }), { first: 3, last: 4, from: 130, to: 149 });
  assert.equal(nextRun(one, [3, 4], new Set([3, 4])), null);
});

test("what was not recorded is a gap, also before, between and inside films", () => {
  const holed = film(20_000, 4);
  holed.at = [0, 1000, 5000, 6000];
  holed.duration_ms = 7000;
  assert.deepEqual(stretchesOf([film(10_000, 3), holed]), [[10_000, 13_000], [20_000, 22_000], [25_000, 27_000]]);
  assert.deepEqual(gapsOf([film(10_000, 3), holed], 5000, 30_000), [
    { from_ms: 5000, to_ms: 10_000 }, { from_ms: 13_000, to_ms: 20_000 }, { from_ms: 22_000, to_ms: 25_000 }, { from_ms: 27_000, to_ms: 30_000 },
  ]);
  assert.deepEqual(gapsOf([], 0, 10_000), [{ from_ms: 0, to_ms: 10_000 }]);
});

test("films of one camera are one picture", () => {
  const cameras = camerasOf([film(9000, 1), film(1000, 1), film(0, 1, { camera: "road" })]);
  assert.deepEqual(cameras.map((one) => [one.camera, one.films.map(({ began_ms }) => began_ms)]), [["cabin", [1000, 9000]], ["road", [0]]]);
});

test("from a gap the next picture is one press away, after the last there is none", () => {
  const films = [film(1000, 1), film(9000, 1)];
  assert.equal(nextFilm(films, 0).began_ms, 1000);
  assert.equal(nextFilm(films, 5000).began_ms, 9000);
  assert.equal(nextFilm(films, 99_000), null);
});

test("the small picture of a moment has its place in the sheet", () => {
  const strip = { count: 45, columns: 20, every_ms: 5000, width: 160, height: 90 };
  assert.deepEqual(cellAt({ strip }, 107_000), { x: 160, y: 90, width: 160, height: 90 });
  assert.deepEqual(cellAt({ strip }, 9_999_999), { x: 640, y: 180, width: 160, height: 90 });
  assert.equal(cellAt({ strip: {} }, 0), null);
});

test("a film that is a little late runs faster, one that is far off jumps", () => {
  assert.deepEqual(correction(0.01, 2), { jump: false, rate: 2 });
  assert.ok(correction(-0.1, 1).rate > 1);
  assert.ok(correction(0.1, 1).rate < 1);
  assert.equal(correction(2, 1).jump, true);
});

test("a film is what its opening says, not what its recorder promised", () => {
  const bytes = (...parts) => Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((letter) => letter.charCodeAt(0)) : part)));
  const silent = bytes("moov", "avcC", [1, 0x42, 0xe0, 0x1e], "stts");
  assert.equal(mimeOf(silent, "video/mp4;codecs=avc1.42E01E,opus"), 'video/mp4;codecs="avc1.42e01e"');
  assert.equal(mimeOf(bytes([...silent], "Opus"), "video/mp4;codecs=avc1.42E01E"), 'video/mp4;codecs="avc1.42e01e,opus"');
  assert.equal(mimeOf(bytes("webm", "V_VP9"), "video/webm;codecs=vp9,opus"), 'video/webm;codecs="vp9"');
  assert.equal(mimeOf(bytes("moov"), "video/mp4;codecs=avc1.42E01E"), "video/mp4;codecs=avc1.42E01E");
});
