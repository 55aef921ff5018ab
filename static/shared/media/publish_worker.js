// A camera's own thread: picture → H.264 → frames → hub. The page gives it the camera's readable end and says what it
// wants; it says how the link is, what step the picture is at, and who watches.

import { now_ms } from "./clock.js";
import { Flag, Kind, pieces } from "./frames.js";
import { openLink } from "./link.js";
import { adapt, beginRate, LOOK_MS, reconnected, unanswered } from "./rate.js";
import { decoded, pictureRing } from "./ring.js";

const CODEC = "avc1.42001f";
const KEY_EVERY_MS = 2000;
const STILL_EVERY_MS = 2000;
const LOW = { width: 320, kbps: 120, every: 2 };
const STILL_WIDTH = 640;
const MOST_WAITING = 2; // pictures in the encoder; more is a computer that does not keep up
const MOST_BUFFERED = 1_000_000;

const even = (value) => Math.max(2, Math.round(value / 2) * 2);
const open = unanswered();
const ring = pictureRing();
const taken = new Map(); // frame timestamp → {seq, capture_ms}
let link = null;
let start = null;
let rate = null;
let seq = 0;
let wanted = { full: false, low: false };
let full = null;
let low = null;
let still_ms = 0;
let stopped = false;
let address = null;

/** One encoder: made anew when the size or the bits change by much. */
function encoder(flags, send) {
  let now = null;
  let key_ms = 0;
  const codec = new VideoEncoder({
    output: (chunk) => {
      const at = taken.get(chunk.timestamp);
      const payload = new Uint8Array(chunk.byteLength);
      chunk.copyTo(payload);
      if (at) send(at, chunk.type === "key", payload, flags);
    },
    error: (error) => postMessage({ t: "failed", what: String(error) }),
  });
  return {
    needKey: () => (key_ms = 0),
    close: () => codec.state !== "closed" && codec.close(),
    encode(frame, width, height, kbps, fps) {
      const change = !now || now.width !== width || Math.abs(now.kbps / kbps - 1) >= 0.1;
      if (change) {
        now = { width, kbps };
        codec.configure({
          codec: CODEC, width, height, bitrate: Math.round(kbps * 1000), framerate: fps,
          latencyMode: "realtime", avc: { format: "annexb" },
        });
        key_ms = 0;
      }
      if (codec.encodeQueueSize > MOST_WAITING) return;
      const keyFrame = now_ms() - key_ms >= KEY_EVERY_MS;
      if (keyFrame) key_ms = now_ms();
      codec.encode(frame, { keyFrame });
    },
  };
}

function send(at, key, payload, flags) {
  const isFull = !(flags & Flag.LOW);
  if (isFull || !wanted.full) ring.put({ seq: at.seq, key, payload });
  if (!link.open() || link.waiting() > MOST_BUFFERED) return (isFull ? full : low).needKey();
  for (const piece of pieces(Kind.CHUNK, at.seq, at.capture_ms, flags | (key ? Flag.KEY : 0), payload)) link.send(piece);
  open.sent(at.seq, now_ms());
}

async function sendStill(frame, at) {
  const width = Math.min(STILL_WIDTH, frame.displayWidth);
  const canvas = new OffscreenCanvas(width, even((width * frame.displayHeight) / frame.displayWidth));
  canvas.getContext("2d").drawImage(frame, 0, 0, canvas.width, canvas.height);
  frame.close();
  const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.6 })).arrayBuffer());
  for (const piece of pieces(Kind.STILL, at.seq, at.capture_ms, Flag.KEY, jpeg)) link.send(piece);
  open.sent(at.seq, now_ms());
}

function take(frame) {
  const at = { seq: (seq += 1), capture_ms: now_ms() };
  taken.set(frame.timestamp, at);
  if (taken.size > 60) taken.delete(taken.keys().next().value);
  if (rate.step === "still" && at.capture_ms - still_ms >= STILL_EVERY_MS) {
    still_ms = at.capture_ms;
    sendStill(frame.clone(), at);
  }
  if (rate.step !== "hd" && rate.step !== "sd") return;
  const [width, height] = [frame.displayWidth, frame.displayHeight];
  if (wanted.full && !rate.stopped) {
    const part = rate.step === "sd" ? 0.5 : 1;
    full.encode(frame, even(width * part), even(height * part), rate.kbps, start.fps);
  }
  // What nobody watches is sent small: whoever comes has a picture at once.
  if ((wanted.low || !wanted.full) && at.seq % LOW.every === 0 && !rate.stopped)
    low.encode(frame, LOW.width, even((LOW.width * height) / width), LOW.kbps, start.fps / LOW.every);
}

async function readAll(readable) {
  const reader = readable.getReader();
  while (!stopped) {
    const { done, value: frame } = await reader.read();
    if (done) break;
    take(frame);
    frame.close();
  }
  await reader.cancel().catch(() => {});
  if (!stopped) postMessage({ t: "camera_gone" });
}

function look() {
  const before = rate.step;
  rate = adapt(rate, link.open() ? open.lag_ms(now_ms()) : 0, now_ms());
  if (rate.key) needKeys();
  if (rate.step !== before) sayLevel();
  postMessage({ t: "rate", step: rate.step, kbps: Math.round(rate.kbps), lag_ms: Math.round(rate.looks.at(-1) ?? 0) });
}

const sayLevel = () => link.say({ t: "level", step: rate.step, kbps: Math.round(rate.kbps), reason: rate.step === "hd" ? "" : "link" });

function needKeys() {
  full.needKey();
  low.needKey();
}

function hear(message) {
  switch (message.t) {
    case "welcome":
      if (message.have !== null) seq = Math.max(seq, message.have);
      open.clear();
      rate = reconnected(rate);
      needKeys();
      if (rate.step !== "hd") sayLevel();
      break;
    case "ack":
      open.acknowledged(message.seq, now_ms());
      break;
    case "key":
      needKeys();
      break;
    case "wanted":
      if (message.full && !wanted.full) full.needKey();
      if (!wanted.low && message.low) low.needKey();
      wanted = message;
      break;
    case "watching":
    case "refused":
      postMessage(message);
  }
}

async function freshAddress() {
  if (!start.mission_for_ticket) return address;
  const { hub, incident_id, ticket } = await (await fetch(`/api/missions/${start.mission_for_ticket}/streams/`)).json();
  return `${hub}/media/${incident_id}/publish/${start.stream}/?ticket=${encodeURIComponent(ticket)}`;
}

async function pictureAt(id, wantedSeq) {
  const picture = await decoded(ring.upTo(wantedSeq), CODEC);
  const bitmap = picture ? await createImageBitmap(picture) : null;
  const found = picture?.timestamp ?? null;
  picture?.close();
  postMessage({ t: "picture", id, seq: found, bitmap }, bitmap ? [bitmap] : []);
}

let looking = null;
onmessage = ({ data }) => {
  if (data.t === "start") {
    start = data;
    address = data.address;
    rate = beginRate(data.most_kbps);
    full = encoder(0, send);
    low = encoder(Flag.LOW, send);
    link = openLink({
      address: freshAddress, onWords: hear,
      onOpen: () => link.say({ t: "begin", ...data.begin }),
      onState: (state) => postMessage({ t: "link", state }),
    });
    looking = setInterval(look, LOOK_MS);
    readAll(data.readable);
  } else if (data.t === "policy") {
    start.begin = { ...start.begin, recording: data.recording, consent: data.consent };
    link.say(data);
  } else if (data.t === "picture") pictureAt(data.id, data.seq);
  else if (data.t === "stop") {
    stopped = true;
    clearInterval(looking);
    link.say({ t: "end", at: new Date().toISOString() });
    setTimeout(() => {
      link.close();
      for (const one of [full, low]) one.close();
      close();
    }, 300);
  }
};
