// A viewer's own thread: hub → frames → pictures on a canvas. It acknowledges by a timer, keeps the coded pictures of the
// last five seconds, and tells the page of every picture that it has drawn.

import { now_ms } from "./clock.js";
import { joiner, Kind, unpack } from "./frames.js";
import { openLink } from "./link.js";
import { decoded, pictureRing } from "./ring.js";

const GOT_MS = 100;
const MOST_WAITING = 12; // coded pictures; more is a computer that does not keep up: say what is shown, not what came

const ring = pictureRing();
const join = joiner();
let link = null;
let start = null;
let canvas = null;
let drawing = null;
let decoder = null;
let about = null;
let line = null; // whether the small picture is shown
let received = null;
let shown = null;
let held = null;
let told = null;
const at = new Map(); // seq → capture_ms

function makeDecoder() {
  if (decoder && decoder.state !== "closed") decoder.close();
  decoder = new VideoDecoder({
    output: (picture) => {
      const seq = picture.timestamp;
      if (held === null) draw(picture, seq, at.get(seq));
      picture.close();
    },
    error: () => (decoder = null), // goes on with the next key picture
  });
  decoder.configure({ codec: about.codec, optimizeForLatency: true });
}

function draw(picture, seq, capture_ms, still = false) {
  const width = picture.displayWidth ?? picture.width;
  const height = picture.displayHeight ?? picture.height;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  drawing.drawImage(picture, 0, 0);
  shown = seq;
  postMessage({ t: "shown", seq, capture_ms, width, height, still });
}

function take(frame) {
  received = frame.seq;
  at.set(frame.seq, frame.capture_ms);
  if (at.size > 600) at.delete(at.keys().next().value);
  if (frame.kind === Kind.STILL) return takeStill(frame);
  if (frame.kind !== Kind.CHUNK || about?.mode !== "wc") return;
  if ((line !== frame.low || !decoder) && !frame.key) return;
  if (line !== frame.low) ring.clear();
  line = frame.low;
  if (!decoder) makeDecoder();
  const payload = frame.payload.slice(); // the message's memory goes on to the decoder otherwise
  ring.put({ seq: frame.seq, key: frame.key, payload });
  decoder.decode(new EncodedVideoChunk({ type: frame.key ? "key" : "delta", timestamp: frame.seq, data: payload }));
}

async function takeStill(frame) {
  const picture = await createImageBitmap(new Blob([frame.payload], { type: "image/jpeg" })).catch(() => null);
  if (picture && held === null) draw(picture, frame.seq, frame.capture_ms, true);
  picture?.close();
}

function acknowledge() {
  const seq = decoder && decoder.decodeQueueSize > MOST_WAITING ? shown : received;
  if (seq !== null) link.say({ t: "got", seq });
  const offset_ms = link.clock.offset_ms();
  if (offset_ms !== null && told !== offset_ms) postMessage({ t: "clock", offset_ms: (told = offset_ms) });
}

async function freshAddress() {
  if (!start.mission_for_ticket) return start.address;
  const { hub, incident_id, ticket } = await (await fetch(`/api/missions/${start.mission_for_ticket}/streams/`)).json();
  return `${hub}/media/${incident_id}/watch/${start.stream}/?picture=${start.picture}&ticket=${encodeURIComponent(ticket)}`;
}

async function find(seq) {
  return about?.mode === "wc" ? decoded(ring.upTo(seq), about.codec) : null;
}

async function answerPicture(id, seq) {
  const picture = await find(seq);
  const bitmap = picture ? await createImageBitmap(picture) : null;
  const found = picture?.timestamp ?? null;
  picture?.close();
  postMessage({ t: "picture", id, seq: found, bitmap }, bitmap ? [bitmap] : []);
}

async function hold(id, seq) {
  held = seq ?? shown;
  const picture = held === shown ? null : await find(held);
  if (picture) draw(picture, (held = picture.timestamp), at.get(held));
  picture?.close();
  postMessage({ t: "held", id, seq: shown });
}

let acknowledging = null;
onmessage = ({ data }) => {
  if (data.t === "start") {
    start = data;
    canvas = data.canvas;
    drawing = canvas.getContext("2d", { alpha: false });
    link = openLink({
      address: freshAddress,
      onOpen: () => start.picture !== "full" && link.say({ t: "want", picture: start.picture }),
      onWords(message) {
        if (message.t === "stream") {
          if (about && about.codec !== message.codec) decoder = null;
          about = message;
        }
        postMessage(message);
      },
      onBytes(buffer) {
        const whole = join(unpack(buffer));
        if (whole) take(whole);
      },
      onState: (state) => postMessage({ t: "link", state, at_ms: now_ms() }),
    });
    acknowledging = setInterval(acknowledge, GOT_MS);
  } else if (data.t === "want") link.say({ t: "want", picture: (start.picture = data.picture) });
  else if (data.t === "hold") hold(data.id, data.seq);
  else if (data.t === "thaw") held = null;
  else if (data.t === "picture") answerPicture(data.id, data.seq);
  else if (data.t === "stop") {
    clearInterval(acknowledging);
    link.close();
    if (decoder && decoder.state !== "closed") decoder.close();
    close();
  }
};
