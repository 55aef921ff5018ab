// One camera on a page. openViewer() gives, whatever carries the pictures:
//
//   element            a canvas (WebCodecs) or a video (fragments), to be put where it is to be seen
//   want(picture)      'full' | 'low' | 'none'
//   age_ms()           how old the picture is that is seen now, by the hub's clock; null before the first
//   currentSeq()       its number
//   pictureAt(seq)     Promise of {seq, bitmap: ImageBitmap} or null: any picture of the last five seconds (at least 62,
//                      at most 125 + one group), the nearest older one where that number was left out on the way
//   freeze(seq?)       Promise of the number that now stands: this picture, or the one seen now. New ones still arrive
//   thaw()             goes on with the newest
//   close()
//
// on.shown({seq, capture_ms, width, height, still}) for every picture drawn; on.about(stream) when something of the camera
// changes (live, step, consent, recording, ended); on.watching(people); on.link(state).
// Coordinates for drawing on a picture are 0…1 of width and height of `shown`, whatever the element's size.

import { address } from "./address.js";
import { now_ms } from "./clock.js";
import { openFragmentViewer } from "./fragment_viewer.js";

export const canDecode = () => "VideoDecoder" in globalThis && "OffscreenCanvas" in globalThis;

// One worker is ready before it is needed: loading its modules would be most of the wait for a first picture.
const makeWorker = () => new Worker(new URL("./watch_worker.js", import.meta.url), { type: "module" });
let spare = canDecode() ? makeWorker() : null;

function nextWorker() {
  const worker = spare ?? makeWorker();
  spare = null;
  setTimeout(() => (spare ??= makeWorker()), 1000);
  return worker;
}

/** place: {hub, incident_id, ticket}; mission: its id; stream: a row of /api/missions/<id>/streams/. */
export function openViewer({ place, mission, stream, picture = "full", on = {}, plain = !canDecode() }) {
  if (plain || stream.mode === "mse") return openFragmentViewer({ place, mission, stream, picture, on });
  const element = document.createElement("canvas");
  const canvas = element.transferControlToOffscreen();
  const worker = nextWorker();
  const { url, foreign } = address(place, "watch", stream.id, `picture=${picture === "full" ? "full" : "low"}`);
  const asked = new Map();
  let seen = null;
  let camera = null;
  let clock_ms = null;

  worker.onmessage = ({ data }) => {
    if (data.t === "shown") {
      seen = data;
      on.shown?.(data);
    } else if (data.t === "clock") clock_ms = data.offset_ms;
    else if (data.t === "stream") {
      camera = data;
      on.about?.(data);
    } else if (data.t === "watching") on.watching?.(data.people);
    else if (data.t === "link") on.link?.(data.state);
    else if (data.t === "refused") on.link?.("refused");
    else if (data.t === "picture" || data.t === "held") {
      asked.get(data.id)?.(data.t === "held" ? data.seq : data.bitmap && { seq: data.seq, bitmap: data.bitmap });
      asked.delete(data.id);
    }
  };
  worker.postMessage({ t: "start", address: url, mission_for_ticket: foreign ? mission : null, stream: stream.id, picture, canvas }, [canvas]);

  const ask = (message) =>
    new Promise((resolve) => {
      const id = crypto.randomUUID();
      asked.set(id, resolve);
      worker.postMessage({ ...message, id });
    });

  return {
    element,
    want: (which) => worker.postMessage({ t: "want", picture: which }),
    currentSeq: () => seen?.seq ?? null,
    age_ms: () => (seen ? age(seen.capture_ms, camera?.offset_ms, clock_ms) : null),
    pictureAt: (seq) => ask({ t: "picture", seq }),
    freeze: (seq) => ask({ t: "hold", seq }),
    thaw: () => worker.postMessage({ t: "thaw" }),
    close: () => worker.postMessage({ t: "stop" }),
  };
}

/** Both clocks are set right by the hub's; before it has told of them they are taken for right. */
export const age = (capture_ms, camera_offset_ms, own_offset_ms, now = now_ms()) =>
  Math.max(0, now + (own_offset_ms ?? 0) - (capture_ms + (camera_offset_ms ?? own_offset_ms ?? 0)));
