// The binary frame between cameras, the media hub and viewers: 14 bytes of header, then the payload.
// Twin of ambulance_agent/protocol/media.py (pack, pieces, unpack), tested by one set of cases. Knows no socket.

export const HEADER_BYTES = 14;
export const MAX_PAYLOAD_BYTES = 64 * 1024;
export const Kind = Object.freeze({ INIT: 0, CHUNK: 1, STILL: 2, SOUND: 3 });
export const Flag = Object.freeze({ NONE: 0, KEY: 1, BACKLOG: 2, LIVE_ONLY: 4, MORE: 8, LOW: 16 });

const ALL_FLAGS = 31;
const LAST_MS = 4_102_444_800_000;

export class MalformedMedia extends Error {}

/** One frame as an ArrayBuffer. payload: Uint8Array, at most MAX_PAYLOAD_BYTES. */
export function pack(kind, seq, capture_ms, flags, payload) {
  if (!Number.isInteger(seq) || seq < 0 || seq > 0xffffffff || payload.byteLength > MAX_PAYLOAD_BYTES)
    throw new RangeError("a frame that the other side does not take");
  const bytes = new Uint8Array(HEADER_BYTES + payload.byteLength);
  const header = new DataView(bytes.buffer);
  header.setUint8(0, kind);
  header.setUint32(1, seq);
  header.setFloat64(5, capture_ms);
  header.setUint8(13, flags);
  bytes.set(payload, HEADER_BYTES);
  return bytes.buffer;
}

/** The same for a picture of any size: every piece but the last says that more follows. */
export function pieces(kind, seq, capture_ms, flags, payload) {
  const packed = [];
  for (let start = 0; start === 0 || start < payload.byteLength; start += MAX_PAYLOAD_BYTES) {
    const end = start + MAX_PAYLOAD_BYTES;
    const more = end < payload.byteLength ? Flag.MORE : Flag.NONE;
    packed.push(pack(kind, seq, capture_ms, flags | more, payload.subarray(start, end)));
  }
  return packed;
}

/** {kind, seq, capture_ms, flags, key, low, more, payload: Uint8Array on the same memory}. Throws MalformedMedia. */
export function unpack(buffer) {
  if (buffer.byteLength < HEADER_BYTES) throw new MalformedMedia("shorter than a header");
  if (buffer.byteLength > HEADER_BYTES + MAX_PAYLOAD_BYTES) throw new MalformedMedia(`${buffer.byteLength} bytes`);
  const header = new DataView(buffer);
  const kind = header.getUint8(0);
  const capture_ms = header.getFloat64(5);
  const flags = header.getUint8(13);
  if (kind > Kind.SOUND) throw new MalformedMedia(`kind ${kind}`);
  if (flags & ~ALL_FLAGS) throw new MalformedMedia(`flags ${flags}`);
  if (!(capture_ms >= 0 && capture_ms <= LAST_MS)) throw new MalformedMedia("a time that is none");
  return {
    kind, seq: header.getUint32(1), capture_ms, flags,
    key: Boolean(flags & Flag.KEY), low: Boolean(flags & Flag.LOW), more: Boolean(flags & Flag.MORE),
    payload: new Uint8Array(buffer, HEADER_BYTES),
  };
}

/** Puts pieces together again: give it frames in order, it returns a whole one or null. */
export function joiner() {
  let parts = [];
  return (frame) => {
    if (parts.length && (parts[0].seq !== frame.seq || parts[0].kind !== frame.kind || parts[0].low !== frame.low))
      parts = []; // the rest of that picture was left out on the way
    parts.push(frame);
    if (frame.more) return null;
    const whole = parts.length === 1 ? frame : { ...frame, payload: joined(parts.map((part) => part.payload)) };
    parts = [];
    return whole;
  };
}

function joined(arrays) {
  const all = new Uint8Array(arrays.reduce((size, array) => size + array.byteLength, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.byteLength;
  }
  return all;
}
