import assert from "node:assert/strict";
import { test } from "node:test";

import { mp4Parts } from "./boxes.js";
import { fragmentOf, openingOf, units } from "./mp4_writer.js";

const hex = (text) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
// A key picture's parameters as x264 writes them for 640×480 baseline, and a made-up slice.
const SPS = "6742c01ed900a03db0110000030001000003003c0f162e48";
const PICTURE = hex(`00000001 ${SPS} 00000001 68cb83cb20 000001 6588841122`);

test("the units of a picture are found between their start codes", () => {
  assert.deepEqual(units(PICTURE).map((unit) => Buffer.from(unit).toString("hex")), [SPS, "68cb83cb20", "6588841122"]);
});

test("the opening tells the codec and the size of the picture", () => {
  const { codec, width, height, bytes } = openingOf(PICTURE);

  assert.deepEqual([codec, width, height], ["avc1.42c01e", 640, 480]);
  assert.deepEqual(mp4Parts()(bytes).map((part) => part.opening), [true]);
  assert.equal(openingOf(hex("00000001 419a1122")), null);
});

test("a file that grows in any steps is cut into its opening and its fragments", () => {
  const whole = [openingOf(PICTURE).bytes, ...[1, 2, 3].map((seq) => fragmentOf(PICTURE, { seq, at_ms: 40 * seq, took_ms: 40, key: seq === 1 }))];
  const file = Uint8Array.from(Buffer.concat(whole));
  const parts = mp4Parts();

  const found = [];
  for (let at = 0; at < file.length; at += 7) found.push(...parts(file.subarray(at, at + 7)));

  assert.deepEqual(found.map(({ opening, bytes }) => [opening, Buffer.from(bytes).toString("hex")]), whole.map((bytes, index) => [index === 0, Buffer.from(bytes).toString("hex")]));
});
