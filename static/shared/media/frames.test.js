import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Flag, HEADER_BYTES, joiner, Kind, MalformedMedia, MAX_PAYLOAD_BYTES, pack, pieces, unpack } from "./frames.js";

const cases = JSON.parse(readFileSync(new URL("../../../tests/protocol/golden/media-v1.json", import.meta.url)));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));

for (const { name, hex, kind, seq, capture_ms, flags, payload } of cases.frames)
  test(`${name} is the same bytes as the vehicle's`, () => {
    assert.equal(Buffer.from(pack(kind, seq, capture_ms, flags, bytes(payload))).toString("hex"), hex);

    const read = unpack(bytes(hex).buffer);

    assert.deepEqual(
      [read.kind, read.seq, read.capture_ms, read.flags, Buffer.from(read.payload).toString("hex")],
      [kind, seq, capture_ms, flags, payload],
    );
  });

for (const { name, hex } of cases.damaged)
  test(`${name} is refused`, () => {
    assert.throws(() => unpack(bytes(hex).buffer), MalformedMedia);
  });

test("a large picture is put together again from its pieces", () => {
  const picture = new Uint8Array(2 * MAX_PAYLOAD_BYTES + 5).map((_, index) => index % 251);
  const join = joiner();

  const sent = pieces(Kind.CHUNK, 7, 1000.5, Flag.KEY, picture);
  const heard = sent.map((piece) => join(unpack(piece)));

  assert.deepEqual(sent.map((piece) => piece.byteLength - HEADER_BYTES), [MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES, 5]);
  assert.deepEqual(heard.slice(0, 2), [null, null]);
  assert.deepEqual(heard[2].payload, picture);
  assert.equal(heard[2].key, true);
});

test("half a picture is forgotten when the next one begins", () => {
  const join = joiner();
  const [half] = pieces(Kind.CHUNK, 1, 0, 0, new Uint8Array(MAX_PAYLOAD_BYTES + 1));
  const whole = unpack(pack(Kind.CHUNK, 2, 0, Flag.KEY, Uint8Array.of(9)));

  assert.equal(join(unpack(half)), null);
  assert.deepEqual(join(whole).payload, Uint8Array.of(9));
});
