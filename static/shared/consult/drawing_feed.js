// The drawing's socket: messages out as they are made, the state of all in.

import { openFeed } from "../feed.js";
import { drawn, emptyDrawing, tidied, VERSION } from "./drawing_rules.js";

const BEAT_MS = 1000;

/** onDrawing(state, message) after every message and when something fades. Returns {say, state, close}. */
export function openDrawing({ missionId, me, onDrawing, onLink = () => {} }) {
  let state = emptyDrawing;
  let fading = null;

  function set(next, message) {
    if (next === state) return;
    state = next;
    onDrawing(state, message);
  }

  const take = (message) => set(drawn(state, message, Date.now()), message);

  function hear(message) {
    if (message.t === "state") {
      const fresh = message.drawn.reduce((all, one) => drawn(all, one, Date.now()), emptyDrawing);
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
