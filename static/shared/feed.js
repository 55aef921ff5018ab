// One board's live socket: hello with the cursor, messages out, silence noticed, reconnecting for ever.
// Knows nothing of the state: `since` and `onMessage` are given.

import { setServerNow } from "./time.js";

// Closing codes of the server for a person, not for a network: trying again would not help.
const NOT_SIGNED_IN = 4401;
const NOT_ALLOWED = [4403, 4404];
const SILENCE_MS = 5000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10000;

/** Full jitter: a whole control room reconnecting after a restart must not arrive in one instant. */
export const backOff = (attempt, random = Math.random()) =>
  Math.round(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + random / 2));

const address = (path) => new URL(path, location.href.replace(/^http/, "ws")).href;

/**
 * Open a feed. Returns {close, send}.
 * path: '/live/console/'; onMessage(message); since(): cursor or null, undefined for no hello at all;
 * onLink(state, lastHeard_ms): 'connecting' | 'live' | 'lost', or for good 'signed_out' | 'refused'; on every change.
 */
export function openFeed({ path, onMessage, onLink = () => {}, since }) {
  let socket = null;
  let attempt = 0;
  let link = null;
  let heard_ms = null;
  let silence = null;
  let retry = null;
  let closed = false;

  function setLink(next) {
    if (next === link) return;
    link = next;
    onLink(link, heard_ms);
  }

  function heard() {
    heard_ms = Date.now();
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
    attempt = 0;
    setLink("live");
  }

  function lose() {
    clearTimeout(silence);
    const old = socket;
    socket = null;
    if (old) {
      old.onclose = old.onmessage = old.onopen = null;
      old.close();
    }
    if (closed) return;
    setLink("lost");
    clearTimeout(retry);
    retry = setTimeout(connect, backOff(attempt));
    attempt += 1;
  }

  function connect() {
    if (heard_ms === null) setLink("connecting");
    socket = new WebSocket(address(path));
    // A handshake that hangs is silence too.
    silence = setTimeout(lose, SILENCE_MS);
    socket.onopen = () => {
      if (since) socket.send(JSON.stringify({ t: "hello", since: since() }));
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.now) setServerNow(message.now);
      heard();
      onMessage(message);
    };
    socket.onclose = ({ code }) => {
      const verdict = code === NOT_SIGNED_IN ? "signed_out" : NOT_ALLOWED.includes(code) ? "refused" : null;
      closed ||= verdict !== null;
      lose();
      if (verdict) setLink(verdict);
    };
  }

  function send(message) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  function close() {
    closed = true;
    clearTimeout(retry);
    lose();
  }

  // A laptop that wakes up should not wait out the back-off.
  addEventListener("online", () => {
    if (closed || socket !== null) return;
    clearTimeout(retry);
    connect();
  });
  connect();
  return { close, send };
}
