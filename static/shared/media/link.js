// One media socket, in a page or in a worker: beats four times a second, and after 1.5 s of silence opens a new one.
// TCP itself tells of a cut only after minutes. Knows nothing of pictures.

import { hubClock, now_ms } from "./clock.js";

const PING_MS = 250;
const SILENT_MS = 1500;
const WAITS_MS = [0, 100, 200, 400];
// For a person, not for a network: trying again would not help.
const FINAL = { 4400: "malformed", 4401: "signed_out", 4403: "refused", 4409: "replaced" };

/**
 * Returns {send, say, close, open, clock}. address(): the URL, or a promise of it (a fresh ticket each time).
 * onOpen(); onWords(message); onBytes(buffer); onState('connecting' | 'live' | 'lost' | 'closed' | why it is final).
 */
export function openLink({ address, onOpen = () => {}, onWords, onBytes = () => {}, onState = () => {} }) {
  const clock = hubClock();
  let socket = null;
  let heard_ms = 0;
  let attempt = 0;
  let state = null;
  let moved = null;
  let over = false;
  let retry = null;

  function become(next) {
    if (next === state) return;
    state = next;
    onState(next);
  }

  async function connect() {
    retry = null;
    heard_ms = now_ms();
    const url = moved ?? (await Promise.resolve(address()).catch(() => null));
    if (over) return;
    if (!url) return again();
    const fresh = new WebSocket(url);
    socket = fresh;
    heard_ms = now_ms();
    fresh.binaryType = "arraybuffer";
    fresh.onopen = () => {
      heard_ms = now_ms();
      onOpen();
    };
    fresh.onmessage = ({ data }) => {
      heard_ms = now_ms();
      attempt = 0;
      if (typeof data === "string") hear(JSON.parse(data));
      else onBytes(data);
    };
    fresh.onclose = ({ code }) => {
      if (fresh !== socket) return;
      if (FINAL[code]) return finish(FINAL[code]);
      lose();
    };
  }

  function hear(message) {
    if (message.t === "pong") clock.hear(message.at, now_ms(), message.now_ms);
    else if (message.t === "moved") moved = message.url;
    else onWords(message);
    if (message.t !== "refused" && message.t !== "moved") become("live");
  }

  function lose() {
    const old = socket;
    socket = null;
    if (old) {
      old.onopen = old.onmessage = old.onclose = null;
      old.close();
    }
    if (over) return;
    become("lost");
    again();
  }

  function again() {
    if (retry === null) retry = setTimeout(connect, WAITS_MS[Math.min(attempt++, WAITS_MS.length - 1)]);
  }

  function finish(why) {
    over = true;
    clearInterval(beating);
    clearTimeout(retry);
    lose();
    become(why);
  }

  function beat() {
    if (socket === null) return;
    if (now_ms() - heard_ms > SILENT_MS) return lose();
    say({ t: "ping", at: now_ms(), ...(clock.offset_ms() === null ? {} : { offset_ms: clock.offset_ms() }) });
  }

  const isOpen = () => socket?.readyState === WebSocket.OPEN;
  const say = (message) => isOpen() && socket.send(JSON.stringify(message));
  const send = (buffer) => isOpen() && socket.send(buffer);
  const beating = setInterval(beat, PING_MS);
  become("connecting");
  connect();
  return { say, send, open: isOpen, clock, waiting: () => socket?.bufferedAmount ?? 0, close: () => finish("closed") };
}
