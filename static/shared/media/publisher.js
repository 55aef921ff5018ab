// A camera of this device, live: openPublisher() → {stop, policy, pictureAt, stream}. The work is in publish_worker.js;
// without WebCodecs in fragments.js. For who draws on pictures: pictureAt(seq) gives the very picture of that number
// for five seconds, as the viewers saw it (ImageBitmap, or null when it is too old).

import { address } from "./address.js";
import { openFragments } from "./fragments.js";

export const canEncode = () => "VideoEncoder" in globalThis && "MediaStreamTrackProcessor" in globalThis;
const CODEC = "avc1.42001f";

/**
 * place: {hub, incident_id} of /api/missions/<id>/streams/; mission: its id; stream: a new id; track: of getUserMedia.
 * about: {role, label, device, recording, consent}; onChange({t: 'link' | 'rate' | 'watching' | 'refused' | 'failed' | 'camera_gone', …}).
 */
export function openPublisher({ place, mission, stream, track, about, most_kbps = 1500, onChange = () => {}, plain = !canEncode() }) {
  const { width = 640, frameRate = 25 } = track.getSettings();
  const begin = { mission, started_at: new Date().toISOString(), ...about };
  if (plain) return openFragments({ place, mission, stream, track, begin, onChange });
  const worker = new Worker(new URL("./publish_worker.js", import.meta.url), { type: "module" });
  const asked = new Map();
  worker.onmessage = ({ data }) => {
    if (data.t !== "picture") return onChange(data);
    asked.get(data.id)?.(data.bitmap && { seq: data.seq, bitmap: data.bitmap });
    asked.delete(data.id);
  };
  const { readable } = new MediaStreamTrackProcessor({ track });
  const { url, foreign } = address(place, "publish", stream);
  worker.postMessage(
    {
      t: "start", stream, address: url, mission_for_ticket: foreign ? mission : null, readable, fps: Math.round(frameRate),
      most_kbps: width > 640 ? 2 * most_kbps : most_kbps, begin: { ...begin, mode: "wc", codec: CODEC },
    },
    [readable],
  );
  return {
    stream,
    stop() {
      worker.postMessage({ t: "stop" });
      setTimeout(() => track.stop(), 100);
    },
    policy: (recording, consent) => worker.postMessage({ t: "policy", recording, consent }),
    pictureAt: (seq) =>
      new Promise((resolve) => {
        const id = crypto.randomUUID();
        asked.set(id, resolve);
        worker.postMessage({ t: "picture", id, seq });
      }),
    kill: () => worker.terminate(),
  };
}
