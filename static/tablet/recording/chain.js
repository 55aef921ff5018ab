// A recording's pieces and what is signed at its end. Twin of ambulance_agent/protocol/recording.py, tested by one set
// of cases. Knows no store and no socket.

export const PIECE_BYTES = 16 * 1024;
const HEADER_BYTES = 14;
const DIGEST_BYTES = 32;
const KIND_PIECE = 2;
const text = new TextEncoder();

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function base64Of(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}

/** The chain's head before the first piece: no recording continues another. */
export const firstLink = (recording) => sha256(text.encode(`onboard record 1\n${recording}`));

export function nextLink(head, { seq, captured_ms, digest }) {
  const link = new Uint8Array(DIGEST_BYTES + 12 + DIGEST_BYTES);
  link.set(head);
  const view = new DataView(link.buffer);
  view.setUint32(DIGEST_BYTES, seq);
  view.setFloat64(DIGEST_BYTES + 4, captured_ms);
  link.set(digest, DIGEST_BYTES + 12);
  return sha256(link);
}

/** As it goes over the socket. */
export function packPiece({ seq, captured_ms, digest, payload }) {
  const bytes = new Uint8Array(HEADER_BYTES + DIGEST_BYTES + payload.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, KIND_PIECE);
  view.setUint32(1, seq);
  view.setFloat64(5, captured_ms);
  view.setUint8(13, 0);
  bytes.set(digest, HEADER_BYTES);
  bytes.set(payload, HEADER_BYTES + DIGEST_BYTES);
  return bytes;
}

export const endStatement = ({ recording, last, chain, reason }) => text.encode(`onboard record end 1\n${recording}\n${last}\n${hexOf(chain)}\n${reason}`);

/** Where one run of bytes is cut: [[from, to]]. */
export function cuts(length, size = PIECE_BYTES) {
  return Array.from({ length: Math.ceil(length / size) }, (_, at) => [at * size, Math.min(length, (at + 1) * size)]);
}
