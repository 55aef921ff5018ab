import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { cuts, endStatement, firstLink, hexOf, nextLink, packPiece, sha256 } from "./chain.js";

const golden = JSON.parse(await readFile(new URL("../../../tests/protocol/golden/recording-v1.json", import.meta.url)));
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

test("a recording's pieces, chain and end are the same bytes as the centre's", async () => {
  let head = await firstLink(golden.recording);
  assert.equal(hexOf(head), golden.first);
  for (const one of golden.pieces) {
    const payload = bytes(one.payload);
    const digest = await sha256(payload);
    assert.equal(hexOf(packPiece({ seq: one.seq, captured_ms: one.captured_ms, digest, payload })), one.packed);
    head = await nextLink(head, { seq: one.seq, captured_ms: one.captured_ms, digest });
    assert.equal(hexOf(head), one.head);
  }
  const { last, reason, statement } = golden.end;
  assert.equal(hexOf(endStatement({ recording: golden.recording, last, chain: head, reason })), statement);
});

test("a run of bytes is cut into pieces without a gap", () => {
  assert.deepEqual(cuts(5, 2), [[0, 2], [2, 4], [4, 5]]);
  assert.deepEqual(cuts(4, 2), [[0, 2], [2, 4]]);
  assert.deepEqual(cuts(0, 2), []);
});
