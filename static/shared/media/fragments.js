// A camera without WebCodecs: MediaRecorder's MP4, one fragment for each key frame, through the same hub.

import { address } from "./address.js";
import { mp4Parts } from "./boxes.js";
import { now_ms } from "./clock.js";
import { Flag, Kind, pieces } from "./frames.js";
import { openLink } from "./link.js";

const KEY_EVERY_MS = 500;
const MIME = "video/mp4;codecs=avc1.42E01E";

export const canRecord = () => "MediaRecorder" in globalThis && MediaRecorder.isTypeSupported(MIME);

export function openFragments({ place, mission, stream, track, begin, onChange }) {
  const recorder = new MediaRecorder(new MediaStream([track]), {
    mimeType: MIME, videoBitsPerSecond: 800_000, videoKeyFrameIntervalDuration: KEY_EVERY_MS,
  });
  const parts = mp4Parts();
  let opening = null;
  let seq = 0;
  let began_ms = now_ms();
  let work = Promise.resolve();
  const link = openLink({
    address: async () => (address(place, "publish", stream).foreign ? freshAddress() : address(place, "publish", stream).url),
    onOpen: () => link.say({ t: "begin", mode: "mse", codec: MIME, ...begin }),
    onWords(message) {
      if (message.t === "welcome") {
        seq = Math.max(seq, message.have ?? 0);
        if (opening) sendOpening();
      } else if (message.t === "watching" || message.t === "refused") onChange(message);
    },
    onState: (state) => onChange({ t: "link", state }),
  });

  async function freshAddress() {
    return address(await (await fetch(`/api/missions/${mission}/streams/`)).json(), "publish", stream).url;
  }

  function sendOpening() {
    for (const piece of pieces(Kind.INIT, 0, began_ms, Flag.KEY, opening)) link.send(piece);
  }

  async function take(blob) {
    for (const part of parts(new Uint8Array(await blob.arrayBuffer()))) {
      if (part.opening) {
        opening = part.bytes;
        sendOpening();
      } else {
        seq += 1;
        // The fragment ends now: its first picture is about one key interval old.
        for (const piece of pieces(Kind.CHUNK, seq, now_ms() - KEY_EVERY_MS, Flag.KEY, part.bytes)) link.send(piece);
      }
    }
  }

  recorder.ondataavailable = ({ data }) => (work = work.then(() => take(data)));
  recorder.onstart = () => (began_ms = now_ms());
  recorder.start(100);
  onChange({ t: "rate", step: "hd", kbps: 800, lag_ms: 0 });
  return {
    stream,
    stop() {
      recorder.stop();
      link.say({ t: "end", at: new Date().toISOString() });
      setTimeout(() => {
        link.close();
        track.stop();
      }, 300);
    },
    policy(recording, consent) {
      begin = { ...begin, recording, consent };
      link.say({ t: "policy", recording, consent });
    },
    pictureAt: async () => null,
  };
}
