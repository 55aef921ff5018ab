// Brings one camera's recordings to the hub: oldest first, behind the live picture, forgotten here only when they are durable there.

import { openLink } from "../../shared/media/link.js";
import { hexOf, packPiece } from "./chain.js";
import { inOrder, mayUpload, missingOf } from "./upload_rules.js";

const LOOK_AGAIN_MS = 50;
const REFUSED_WAIT_MS = 2000;
const now_ms = () => performance.timeOrigin + performance.now();

/**
 * Returns {wake, close, lag}. address(): of the record socket; begin: the camera's first word.
 * onSent() when something was acknowledged; onRefused(code) when the hub does not take what we have.
 */
export function openUploader({ spool, stream, begin, address, onSent = () => {}, onRefused = () => {}, onState = () => {} }) {
  const flying = new Map(); // seq → bytes
  let current = null; // the recording that the hub was told of
  let missing = []; // what of it has to be sent, ascending
  let endSent = false;
  let lag_ms = 0;
  let busy = false;
  let again = false;
  let refusedUntil_ms = 0;
  let over = false;
  const link = openLink({ address, onState, onOpen: opened, onWords: (message) => inTurn(() => hear(message)) });
  let tail = Promise.resolve();
  const inTurn = (work) => (tail = tail.then(work).catch((error) => console.error(error)));

  function opened() {
    current = null;
    endSent = false;
    missing = [];
    flying.clear();
    link.say({ t: "begin", ...begin });
    wake();
  }

  async function choose() {
    const mine = (await spool.all()).filter((row) => row.stream === stream && (row.next > 0 || row.end));
    const [first] = inOrder(mine);
    if (!first || current?.id === first.id) return;
    current = { ...first, told: false };
    endSent = false;
    link.say({ t: "hello", v: 1, recording: first.id, mime: first.mime, started_ms: first.started_ms, device_ms: now_ms(), alg: "ES256", key: first.publicKey });
  }

  async function hear(message) {
    if (message.recording !== current?.id && message.t !== "refused") return;
    if (message.t === "have") {
      const here = await spool.seqs(current.id);
      missing = missingOf(here, message);
      const wanted = new Set(missing);
      const known = here.filter((seq) => !wanted.has(seq));
      if (known.length) await spool.acknowledge(current.id, known);
      current.told = true;
    } else if (message.t === "ack") {
      await spool.acknowledge(current.id, message.seqs);
      message.seqs.forEach((seq) => flying.delete(seq));
      onSent();
    } else if (message.t === "ended") {
      if (!message.missing.length) {
        await spool.forget(current.id);
        onSent();
      }
      current = null;
    } else if (message.t === "refused") {
      refusedUntil_ms = now_ms() + REFUSED_WAIT_MS;
      onRefused(message.code);
      current = null; // asked anew, after a while, what the hub has
      flying.clear();
    }
    wake();
  }

  /** Look once: tell of a recording, send what may be sent, or its end. */
  async function look() {
    if (over || !link.open() || now_ms() < refusedUntil_ms) return;
    if (!current) await choose();
    if (!current?.told) return;
    const row = await spool.row(current.id);
    if (!row) {
      current = null;
      return;
    }
    const newest = Math.max(-1, ...missing, ...flying.keys(), current.newest ?? -1);
    if (row.next - 1 > newest) missing.push(...(await spool.seqs(row.id)).filter((seq) => seq > newest));
    while (missing.length && link.open()) {
      const piece = await spool.piece(row, missing[0]);
      if (piece && !mayUpload({ lag_ms, inFlight: [...flying.values()].reduce((sum, bytes) => sum + bytes, 0), next: piece.payload.byteLength })) break;
      const seq = missing.shift();
      current.newest = Math.max(current.newest ?? -1, seq);
      if (!piece) continue;
      flying.set(seq, piece.payload.byteLength);
      link.send(packPiece(piece));
    }
    if (row.end && !missing.length && !flying.size && !endSent && row.next - 1 <= (current.newest ?? row.next - 1)) {
      endSent = true;
      link.say({ t: "last", recording: row.id, last: row.end.last, chain: hexOf(row.chain), reason: row.end.reason, signature: row.end.signature });
    } else if (!row.end && !missing.length && !flying.size) await preferEnded();
  }

  /** One that has ended meanwhile goes before the one that is being made. */
  async function preferEnded() {
    const ended = (await spool.all()).some((row) => row.stream === stream && row.end && row.id !== current.id);
    if (ended) current = null;
  }

  function wake() {
    if (busy) return void (again = true);
    busy = true;
    inTurn(look).finally(() => {
      busy = false;
      if (!again) return;
      again = false;
      wake();
    });
  }
  const looking = setInterval(wake, LOOK_AGAIN_MS);
  return {
    wake,
    lag: (ms) => (lag_ms = ms),
    close() {
      over = true;
      clearInterval(looking);
      link.close();
    },
  };
}
