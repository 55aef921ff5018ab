// One camera's own recording: a constant-quality encoder beside the live one, a whole fragment a second, to the spool.

import { uuid } from "../../shared/api.js";

const KEY_EVERY_MS = 1000;
// A kind names the tracks that are there, no others: a player that was promised sound refuses a film without.
const KINDS = ["video/mp4;codecs=avc1.42E01E", "video/webm;codecs=vp9", "video/webm;codecs=vp8"];
const END_AGAIN_MS = 1000;
const BITS = { video: 1_500_000, audio: 32_000 };

/** The first that this browser records; null where it records nothing. */
export function kindOf({ sound = false, supports = (kind) => MediaRecorder.isTypeSupported(kind) } = {}) {
  return KINDS.map((kind) => (sound ? `${kind},opus` : kind)).find(supports) ?? null;
}

/**
 * Returns {id, role, started_ms, hear(on), stop(reason)}; stop resolves when the end is signed and kept. tracks: of
 * getUserMedia, this recorder's own: they end with it. hear(false): silence from now on.
 * onPieces() after each write; onFull(recorder) when there was no room; onFault(error) for anything else.
 */
export async function recordCamera({ spool, stream, tracks, begin, role, onPieces, onFull, onFault }) {
  const mime = kindOf({ sound: tracks.some(({ kind }) => kind === "audio") });
  const recorder = new MediaRecorder(new MediaStream(tracks), {
    mimeType: mime, videoBitsPerSecond: BITS.video, audioBitsPerSecond: BITS.audio, videoKeyFrameIntervalDuration: KEY_EVERY_MS,
  });
  const id = uuid();
  const release = await held(id);
  const started_ms = await new Promise((resolve, reject) => {
    recorder.onstart = () => resolve(performance.timeOrigin + performance.now());
    recorder.onerror = ({ error }) => reject(error);
    recorder.start(KEY_EVERY_MS);
  });
  let row = null;
  let failed = false;
  let tail = spool.begin({ id, stream, begin, mime, role, started_ms }).then((made) => (row = made));
  let ended = null;
  const hear = (on) => tracks.filter(({ kind }) => kind === "audio").forEach((track) => (track.enabled = on));
  const self = { id, role, started_ms, hear, stop };

  async function keep(blob) {
    if (failed || !blob.size) return;
    try {
      row = await spool.append(row, new Uint8Array(await blob.arrayBuffer()), Math.round(performance.timeOrigin + performance.now()));
      onPieces();
    } catch (error) {
      failed = true; // nothing may follow a hole that the chain does not know of
      if (error?.name === "QuotaExceededError") onFull(self);
      else onFault(error);
    }
  }
  const inTurn = (work) => (tail = tail.then(work));
  recorder.ondataavailable = ({ data }) => inTurn(() => keep(data));
  recorder.onerror = ({ error }) => onFault(error);

  /** Signed even where there is no room for it now: what is brought to the centre makes some. */
  async function end(reason) {
    for (;;) {
      try {
        return await spool.end(row, reason);
      } catch (error) {
        if (error?.name !== "QuotaExceededError") throw error;
        await new Promise((later) => setTimeout(later, END_AGAIN_MS));
      }
    }
  }

  function stop(reason = "stopped") {
    ended ??= new Promise((resolve) => {
      recorder.onstop = resolve;
      if (recorder.state === "inactive") resolve();
      else recorder.stop();
    })
      .then(() => {
        tracks.forEach((track) => track.stop()); // else the camera stays open
        return inTurn(() => end(reason));
      })
      .then(() => {
        release();
        onPieces();
      });
    return ended;
  }
  // The track ends with the camera: the recorder stops by itself, and says so.
  recorder.addEventListener("stop", () => stop());
  return self;
}

/** While this is held the recording is alive: another tab, or this one after a crash, leaves it alone or ends it. */
export const lockOf = (id) => `onboard-recording-${id}`;

function held(id) {
  return new Promise((begun) => {
    navigator.locks.request(lockOf(id), () => new Promise((release) => begun(release)));
  });
}
