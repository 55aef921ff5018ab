import assert from "node:assert/strict";
import { test } from "node:test";

import { initialState, reduce } from "./console_state.js";
import { createWindows } from "./windows.js";

/** As shared/store.js, without its drawing. */
function createStore(state) {
  const listeners = [];
  return {
    get state() {
      return state;
    },
    dispatch(message) {
      state = reduce(state, message);
      for (const listener of listeners) listener(state);
    },
    subscribe: (listener) => listeners.push(listener),
  };
}

/** Windows that hear one another only when `deliver` is called, so that messages cross. */
function desk(...parts) {
  const post = [];
  const heard = [];
  const windows = [];
  const clock = { ms: 0 };
  function join(part) {
    const index = windows.length;
    const store = createStore({ ...initialState, part });
    const selected = [];
    const open = () => {
      const channel = { postMessage: (data) => post.push({ from: index, data: structuredClone(data) }) };
      heard[index] = (data) => channel.onmessage({ data });
      return channel;
    };
    const select = (id) => (selected.push(id), store.dispatch({ t: "select/incident", id }));
    createWindows({ person: "li", store, select, onPoint: () => {}, open, own: `window ${index}`, now: () => clock.ms });
    windows.push({ store, selected, select });
  }
  parts.forEach(join);
  function deliver() {
    let carried = 0;
    for (; post.length && carried < 100; carried += 1) {
      const { from, data } = post.shift();
      heard.forEach((hear, index) => index !== from && hear(data));
    }
    return carried;
  }
  deliver();
  return { windows, deliver, join, clock, leave: (index) => (heard[index] = () => undefined) };
}

const incidents = (windows) => windows.map(({ store }) => store.state.selection.incident);

test("what is selected in one window is selected in the other, and nothing is sent back", () => {
  const { windows, deliver } = desk(null, "journal");
  windows[0].select("a");

  assert.equal(deliver(), 1);
  assert.deepEqual(incidents(windows), ["a", "a"]);
  assert.deepEqual(windows[1].selected, ["a"]);
});

test("two selections that cross end as one in both windows", () => {
  const { windows, deliver } = desk(null, "map");
  windows[0].select("a");
  windows[1].select("b");

  assert.ok(deliver() <= 4);
  assert.deepEqual(incidents(windows), ["b", "b"]);
});

test("going back in the console empties the other window and stays gone back", () => {
  const { windows, deliver } = desk(null, "journal");
  windows[0].select("a");
  deliver();
  windows[0].store.dispatch({ t: "recommendation", recommendation: { id: "r", incident_id: "a", ranked: [] } });
  windows[0].store.dispatch({ t: "back" });

  assert.ok(deliver() <= 4);
  assert.deepEqual(incidents(windows), [null, null]);
  assert.equal(windows[0].store.state.panel, null);
});

test("a window that opens later is told what is selected", () => {
  const { windows, deliver, join } = desk(null);
  windows[0].select("a");
  deliver();
  join("units");

  assert.ok(deliver() <= 2);
  assert.deepEqual(incidents(windows), ["a", "a"]);
});

test("a console that was loaded anew is followed by the window that saw many selections", () => {
  const { windows, deliver, join, clock, leave } = desk(null, "journal");
  for (const id of ["a", "b", "c", "d"]) windows[0].select(id);
  deliver();
  leave(0);
  clock.ms = 60_000;
  join(null);
  windows[2].select("d");
  deliver();
  windows[2].store.dispatch({ t: "back" });
  deliver();

  assert.deepEqual(incidents(windows).slice(1), [null, null]);
});
