import assert from "node:assert/strict";
import { test } from "node:test";

import { pictureRing } from "./ring.js";

const filled = (count, every, kept = 20) => {
  const ring = pictureRing(kept);
  for (let seq = 1; seq <= count; seq++) ring.put({ seq, key: seq % every === 1 });
  return ring;
};
const seqs = (frames) => frames.map(({ seq }) => seq);

test("a picture is decoded from the key picture before it", () => {
  assert.deepEqual(seqs(filled(12, 5).upTo(8)), [6, 7, 8]);
  assert.deepEqual(seqs(filled(12, 5).upTo(6)), [6]);
});

test("a picture that was left out is its nearest older one", () => {
  const ring = pictureRing();
  ring.put({ seq: 1, key: true });
  ring.put({ seq: 3, key: false });

  assert.deepEqual(seqs(ring.upTo(2)), [1]);
  assert.deepEqual(seqs(ring.upTo(9)), [1, 3]);
});

test("old pictures go, whole groups at a time, and what is too old is not there", () => {
  const ring = filled(100, 5);

  assert.deepEqual(seqs(ring.upTo(70)), []);
  assert.equal(seqs(ring.upTo(100)).at(-1), 100);
  assert.ok(seqs(ring.upTo(88)).length > 0);
});

test("what follows no key picture is not kept, and no camera fills the memory", () => {
  const ring = pictureRing(20);
  ring.put({ seq: 1, key: false });
  assert.deepEqual(ring.upTo(1), []);
  ring.put({ seq: 2, key: true });
  for (let seq = 3; seq < 90; seq++) ring.put({ seq, key: false });

  assert.deepEqual(ring.upTo(89), []);
});
