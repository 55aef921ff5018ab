// The drawing's socket: messages out as they are made, the state of all in.

import { openFeed } from "../feed.js";
import { drawn, emptyDrawing, tidied, VERSION, wasLost } from "./drawing_rules.js";

const BEAT_MS = 1000;
const SAID_AGAIN_MS = 15_000; // older than that nobody waits for it any more

/** onDrawing(state, message) after every message and when something fades. Returns {say, state, close}. */
export function openDrawing({ missionId, me, onDrawing, onLink = () => {} }) {
  let state = emptyDrawing;
  let fading = null;
  let own = null; // our last word on the frozen picture: {message, at_ms}

  function set(next, message) {
    if (next === state) return;
    state = next;
    onDrawing(state, message);
  }

  const take = (message) => set(drawn(state, message, Date.now()), message);

  function hear(message) {
    if (message.t === "state") {
      const fresh = message.drawn.reduce((all, one) => drawn(all, one, Date.now()), emptyDrawing);
      if (own && Date.now() - own.at_ms < SAID_AGAIN_MS && wasLost(fresh, own.message)) {
        const { was: _was, ...again } = own.message;
        feed.send(again);
        return set(drawn(fresh, { ...again, author: me }, Date.now()), message);
      }
      set(fresh, message);
    } else if (message.v === VERSION) take(message);
  }

  const feed = openFeed({ path: `/live/missions/${missionId}/drawing/`, onMessage: hear, onLink });
  fading = setInterval(() => set(tidied(state, Date.now()), null), BEAT_MS / 4);

  return {
    /** Shown here at once, and sent. */
    say(message) {
      const whole = { v: VERSION, ...message };
      feed.send(whole);
      if (["freeze", "unfreeze", "seen"].includes(message.t)) own = { message: { ...whole, was: state.frozen }, at_ms: Date.now() };
      take({ ...whole, author: me });
    },
    get state() {
      return state;
    },
    close() {
      clearInterval(fading);
      feed.close();
    },
  };
}
