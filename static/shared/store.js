// State flows one way: feed or key → dispatch(message) → reduce → render (once a frame, however many messages came).

import { render } from "/static/vendor/lit-html/lit-html.js";
import { tick } from "./ticker.js";

export function createStore(reduce, initial) {
  let state = initial;
  const listeners = new Set();
  return {
    get state() {
      return state;
    },
    dispatch(message) {
      const next = reduce(state, message);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener(state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const drawings = new Set();

/** Draw what is due at once, e.g. before the keyboard moves to a part that appears with it. */
export function flush() {
  for (const draw of drawings) draw();
}

/** For what can wait until the page has been drawn and shown; once, however often it is asked for. */
export function afterDrawing(work) {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => setTimeout(() => ((due = false), work()), 0));
  };
}

/** Keep `element` equal to view(state). A hidden tab still renders (setTimeout beside the frame). */
export function mount(store, element, view) {
  let due = false;
  const draw = () => {
    if (!due) return;
    due = false;
    const held = element.contains(document.activeElement) ? document.activeElement : null;
    render(view(store.state), element);
    tick(element);
    // A row that moved in its list lost the keyboard on the way.
    if (held?.isConnected && document.activeElement !== held) held.focus({ preventScroll: true });
  };
  const ask = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(draw);
    setTimeout(draw, 250);
  };
  store.subscribe(ask);
  drawings.add(draw);
  due = true;
  draw();
}
