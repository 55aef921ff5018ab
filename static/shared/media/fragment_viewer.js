// A camera's fragments in a media element: for cameras and for browsers without WebCodecs. Single H.264 pictures are put
// into fragments here (mp4_writer.js), so that every browser sees every camera. The same face as viewer.js.

import { address } from "./address.js";
import { now_ms } from "./clock.js";
import { joiner, Kind, unpack } from "./frames.js";
import { openLink } from "./link.js";
import { fragmentOf, openingOf } from "./mp4_writer.js";
import { age } from "./viewer.js";

const GOT_MS = 100;
const KEPT_S = 12;
const MOST_BEHIND_S = 1.2;

export function openFragmentViewer({ place, mission, stream, picture, on }) {
  const element = document.createElement("video");
  element.muted = element.autoplay = element.playsInline = true;
  const source = new MediaSource();
  const join = joiner();
  let buffer = null;
  let queue = [];
  let camera = null;
  let received = null;
  let starts = []; // {at_s, seq, capture_ms} of what was appended, for the age of what is seen
  let timeline_s = 0;
  let last_ms = null;
  element.src = URL.createObjectURL(source);

  const link = openLink({
    address: async () => {
      const known = address(place, "watch", stream.id);
      if (!known.foreign) return known.url;
      return address(await (await fetch(`/api/missions/${mission}/streams/`)).json(), "watch", stream.id).url;
    },
    onOpen: () => picture !== "full" && link.say({ t: "want", picture }),
    onWords(message) {
      if (message.t === "stream") {
        camera = message;
        on.about?.(message);
      } else if (message.t === "watching") on.watching?.(message.people);
      else if (message.t === "refused") on.link?.("refused");
    },
    onBytes(raw) {
      const whole = join(unpack(raw));
      if (whole) take(whole);
    },
    onState: (state) => on.link?.(state),
  });

  function take(frame) {
    received = frame.seq;
    if (frame.kind === Kind.INIT) begin(camera.codec, frame.payload);
    else if (frame.kind === Kind.CHUNK && camera.mode === "mse") append(frame.payload.slice(), frame);
    else if (frame.kind === Kind.CHUNK) takePicture(frame);
  }

  /** A single picture: the opening comes from its first key picture, its length from the next one's time. */
  function takePicture(frame) {
    const payload = frame.payload.slice();
    if (frame.key) {
      const opening = openingOf(payload);
      if (opening && (!buffer || opening.codec !== begun)) begin(`video/mp4;codecs="${opening.codec}"`, opening.bytes);
    }
    if (!buffer && !queue.length) return;
    const took_ms = last_ms === null ? 40 : Math.min(1000, Math.max(5, frame.capture_ms - last_ms));
    last_ms = frame.capture_ms;
    append(fragmentOf(payload, { seq: frame.seq, at_ms: timeline_s * 1000, took_ms, key: frame.key }), frame, took_ms / 1000);
  }

  let begun = null;
  function begin(mime, bytes) {
    begun = mime;
    const open = () => {
      if (buffer) return queue.push({ bytes: bytes.slice() });
      buffer = source.addSourceBuffer(mime);
      buffer.mode = "sequence";
      buffer.onupdateend = next;
      queue.unshift({ bytes: bytes.slice() });
      next();
    };
    if (source.readyState === "open") open();
    else source.addEventListener("sourceopen", open, { once: true });
  }

  function append(bytes, { seq, capture_ms }, length_s = 0) {
    timeline_s += length_s;
    queue.push({ bytes, seq, capture_ms });
    next();
  }

  function next() {
    if (!buffer || buffer.updating) return;
    const end = () => (buffer.buffered.length ? buffer.buffered.end(buffer.buffered.length - 1) : 0);
    if (end() - element.currentTime > MOST_BEHIND_S) element.currentTime = end() - 0.1; // live, not complete
    if (element.currentTime > 2 * KEPT_S && buffer.buffered.start(0) < element.currentTime - KEPT_S)
      return buffer.remove(0, element.currentTime - KEPT_S / 2);
    const one = queue.shift();
    if (!one) return;
    if (one.seq !== undefined) starts = [...starts, { at_s: end(), seq: one.seq, capture_ms: one.capture_ms }].slice(-200);
    try {
      buffer.appendBuffer(one.bytes);
    } catch {
      queue = []; // full or broken: what comes next begins with a key picture
    }
    if (element.paused) element.play().catch(() => {});
  }

  const current = () => starts.findLast(({ at_s }) => at_s <= element.currentTime + 0.001) ?? null;
  let told = null;
  const acknowledging = setInterval(() => {
    if (received !== null) link.say({ t: "got", seq: received });
    const now = current();
    if (now && now !== told && element.videoWidth) {
      told = now;
      on.shown?.({ seq: now.seq, capture_ms: now.capture_ms, width: element.videoWidth, height: element.videoHeight, still: false });
    }
  }, GOT_MS);

  return {
    element,
    want: (which) => link.say({ t: "want", picture: (picture = which) }),
    currentSeq: () => current()?.seq ?? null,
    age_ms() {
      const now = current();
      return now && age(now.capture_ms + (element.currentTime - now.at_s) * 1000, camera?.offset_ms, link.clock.offset_ms(), now_ms());
    },
    async pictureAt(seq) {
      return seq === current()?.seq ? { seq, bitmap: await createImageBitmap(element) } : null;
    },
    async freeze() {
      element.pause();
      return current()?.seq ?? null;
    },
    thaw: () => element.play(),
    close() {
      clearInterval(acknowledging);
      link.close();
      URL.revokeObjectURL(element.src);
      element.removeAttribute("src");
    },
  };
}
