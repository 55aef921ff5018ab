// All recordings of this tablet: what a camera records, what is still to be brought, and what the crew has to be told.

import { api } from "../../shared/api.js";
import { address } from "../../shared/media/address.js";
import { mayKeepSound } from "../camera/camera_rules.js";
import { kindOf, lockOf, recordCamera } from "./camera_recorder.js";
import { openSpool } from "./spool.js";
import { isFull, leastImportant } from "./upload_rules.js";
import { openUploader } from "./uploader.js";

const LOOK_MS = 5000;

/**
 * Returns {start, close, waiting}. keeper: the open vault. onChange({waiting: pieces}); onTrouble('full' | 'cannot_record' |
 * 'fault' | 'refused', role): the crew must hear of it, a recording never ends silently.
 */
export async function openRecordingDesk({ userId, keeper, onChange = () => {}, onTrouble = () => {}, mime = kindOf() }) {
  const spool = await openSpool({ userId, keeper });
  const persistent = await (navigator.storage?.persist?.() ?? false);
  const uploaders = new Map(); // stream → uploader
  const active = new Map(); // recording → recorder
  let closed = false;

  async function tell() {
    if (!closed) onChange({ waiting: await spool.waiting(), persistent, recording: active.size });
  }

  function uploaderOf(stream, begin) {
    if (!uploaders.has(stream)) {
      const where = async () => address(await api.get(`/api/missions/${begin.mission}/streams/`), "record", stream).url;
      uploaders.set(stream, openUploader({ spool, stream, begin, address: where, onSent: tell, onRefused: (code) => code === "disk_full" && onTrouble("hub_full", begin.role) }));
    }
    return uploaders.get(stream);
  }

  /** What an earlier run left: ended as interrupted unless another tab is recording it; then brought like all others. */
  async function resume() {
    for (const row of await spool.all()) {
      if (active.has(row.id)) continue;
      await navigator.locks.request(lockOf(row.id), { ifAvailable: true }, async (lock) => {
        if (lock && !row.end) await spool.end(row, "interrupted");
      });
      uploaderOf(row.stream, row.begin).wake();
    }
    await tell();
  }

  async function noRoom(recorder) {
    onTrouble("full", recorder.role);
    active.delete(recorder.id);
    await recorder.stop("full").catch(() => undefined);
  }

  /** Before the browser says no: the least important camera ends, so that the others and the record itself go on. */
  async function lookAtRoom() {
    const room = await (navigator.storage?.estimate?.() ?? { usage: 0, quota: 0 });
    const least = isFull(room) ? leastImportant([...active.values()]) : null;
    if (least) await noRoom(least);
  }

  /** A camera starts: {stop, policy, rate}, at once; what goes wrong is told. For whenCameraStarts of ../camera/cameras.js. */
  function start({ stream, mission, track, sound, about }) {
    const begin = { mission, started_at: new Date().toISOString(), mode: "wc", codec: "avc1.42001f", ...about };
    let running = null;
    let wanted = about.recording;
    let consent = about.consent;
    const listens = () => mayKeepSound({ recording: wanted, consent });
    const follow = () => (running = (running ?? Promise.resolve(null)).then(change).catch(fault));
    const fault = (error) => {
      console.error(error);
      onTrouble("fault", about.role);
      return null;
    };
    async function change(recorder) {
      if (wanted === "own" && !recorder) return mime ? record() : void onTrouble("cannot_record", about.role);
      if (wanted === "own" || !recorder) {
        recorder?.hear(listens());
        return recorder;
      }
      active.delete(recorder.id);
      await recorder.stop();
      return null;
    }
    async function record() {
      const uploader = uploaderOf(stream, begin);
      const recorder = await recordCamera({
        spool, stream, tracks: [track, sound].filter(Boolean).map((one) => one.clone()), begin, role: about.role,
        onPieces: () => (uploader.wake(), tell()), onFull: noRoom, onFault: fault,
      });
      recorder.hear(listens());
      active.set(recorder.id, recorder);
      await tell();
      return recorder;
    }
    if (wanted === "own") follow();
    return {
      stop() {
        wanted = "off";
        return follow();
      },
      policy(recording, said) {
        wanted = recording;
        consent = said;
        return follow();
      },
      rate: (lag_ms) => uploaders.get(stream)?.lag(lag_ms),
    };
  }

  await resume();
  const looking = setInterval(lookAtRoom, LOOK_MS);

  return {
    start,
    resume,
    waiting: () => spool.waiting(),
    left: () => spool.all(),
    async close() {
      closed = true;
      clearInterval(looking);
      await Promise.all([...active.values()].map((recorder) => recorder.stop()));
      for (const uploader of uploaders.values()) uploader.close();
      spool.close();
    },
  };
}
