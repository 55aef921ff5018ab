// What the cameras recorded and the hub does not have yet: in this browser's database, sealed, on the disk before it counts.
// recordings: {id, stream, …, sealed key}; pieces: {recording, seq, captured_ms, digest, iv, sealed}.

import { seal, unsealBytes } from "../vault/cipher.js";
import { asPromise } from "../vault/store.js";
import { base64Of, cuts, endStatement, firstLink, nextLink, sha256 } from "./chain.js";

const PREFIX = "onboard-recordings-"; // wiped with everything else of that beginning
const AES = { name: "AES-GCM", length: 256 };
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const about = (recording, seq) => `recording ${recording} ${seq}`;

/** keeper: {seal(about, value), unseal(about, row)}, the tablet's vault: what it does not open stays closed. */
export async function openSpool({ userId, keeper }) {
  const request = indexedDB.open(PREFIX + userId, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("recordings", { keyPath: "id" });
    request.result.createObjectStore("pieces", { keyPath: ["recording", "seq"] });
  };
  const database = await asPromise(request);
  database.onversionchange = () => database.close();
  const keys = new Map(); // recording → CryptoKey, in memory only

  const store = (name, mode = "readonly") => database.transaction(name, mode).objectStore(name);
  const all = () => asPromise(store("recordings").getAll());

  /** Resolves when the disk has it. work(stores) asks for the changes. */
  function write(work) {
    const transaction = database.transaction(["recordings", "pieces"], "readwrite", { durability: "strict" });
    work({ recordings: transaction.objectStore("recordings"), pieces: transaction.objectStore("pieces") });
    return new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  }

  async function keyOf(row) {
    if (!keys.has(row.id)) {
      const raw = bytesOf(await keeper.unseal(`recording ${row.id}`, row.key));
      keys.set(row.id, await crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]));
    }
    return keys.get(row.id);
  }

  /** A new recording with keys of its own: one that seals its pieces, one that will sign its end and never leaves. */
  async function begin({ id, stream, begin: first, mime, role, started_ms }) {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const key = await keeper.seal(`recording ${id}`, base64Of(raw));
    keys.set(id, await crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]));
    const signing = await crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);
    const publicKey = base64Of(await crypto.subtle.exportKey("spki", signing.publicKey));
    const row = { id, stream, begin: first, mime, role, started_ms, key, signing: signing.privateKey, publicKey, next: 0, chain: await firstLink(id), end: null };
    await write(({ recordings }) => recordings.put(row));
    return row;
  }

  /** Cut, hash, seal, keep: the row moves on in the same transaction as its pieces. Returns the row as it is then. */
  async function append(row, bytes, captured_ms) {
    const key = await keyOf(row);
    let { next, chain } = row;
    const fresh = [];
    for (const [from, to] of cuts(bytes.byteLength)) {
      const payload = bytes.subarray(from, to);
      const digest = await sha256(payload);
      chain = await nextLink(chain, { seq: next, captured_ms, digest });
      fresh.push({ recording: row.id, seq: next, captured_ms, digest, bytes: payload.byteLength, ...(await seal(key, about(row.id, next), payload)) });
      next += 1;
    }
    const moved = { ...row, next, chain };
    await write(({ recordings, pieces }) => {
      fresh.forEach((piece) => pieces.add(piece));
      recordings.put(moved);
    });
    return moved;
  }

  /** Sign the end and keep it; one without a piece is forgotten. reason: stopped | interrupted | full. */
  async function end(row, reason) {
    if (row.next === 0) return forget(row.id);
    const last = row.next - 1;
    const statement = endStatement({ recording: row.id, last, chain: row.chain, reason });
    const signature = base64Of(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, row.signing, statement));
    await write(({ recordings }) => recordings.put({ ...row, end: { last, reason, signature } }));
  }

  const range = (recording, from = 0) => IDBKeyRange.bound([recording, from], [recording, Infinity]);
  const seqs = async (recording) => (await asPromise(store("pieces").getAllKeys(range(recording)))).map(([, seq]) => seq);

  async function piece(row, seq) {
    const kept = await asPromise(store("pieces").get([row.id, seq]));
    return kept && { seq, captured_ms: kept.captured_ms, digest: kept.digest, payload: await unsealBytes(await keyOf(row), about(row.id, seq), kept) };
  }

  /** The hub has these. */
  const acknowledge = (recording, known) => write(({ pieces }) => known.forEach((seq) => pieces.delete([recording, seq])));

  /** The hub has all of it, and its end. */
  function forget(recording) {
    keys.delete(recording);
    return write(({ recordings, pieces }) => {
      recordings.delete(recording);
      pieces.delete(range(recording));
    });
  }

  return { all, row: (id) => asPromise(store("recordings").get(id)), begin, append, end, seqs, piece, acknowledge, forget, waiting: () => asPromise(store("pieces").count()), close: () => database.close() };
}
