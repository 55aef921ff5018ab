// Listens for the desk: sounds what is new once, lets the alerts be looked at anew when time alone makes one, and
// remembers what was looked at.

import { now_ms } from "../shared/time.js";
import { alertsOf, noted, ownAlerts } from "./alerts.js";
import { recall, remember } from "./browser_memory.js";
import { createSound } from "./sound.js";

const LOOK_MS = 1000;

/** person: whose eyes; another one at the same browser has seen nothing yet. */
export function createWatch({ store, person }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const seenBy = `onboard-seen-${person}`;
  const sound = createSound({ onState: (state) => set({ sound: state }) });
  let known = "";

  /** Looked at here: not shown again, in no window of this person and after no reload. */
  function saw(alerts) {
    const standing = alertsOf(store.state.board, now_ms());
    const seen = noted({ ...store.state.seen, ...recall(seenBy, {}) }, alerts, Date.now(), standing);
    remember(seenBy, seen);
    set({ seen });
  }

  function look() {
    const { state } = store;
    if (!state.board.ready) return;
    const alerts = alertsOf(state.board, now_ms());
    const own = ownAlerts(state);
    const made = alerts.filter((one) => own.has(one.id) && !(one.id in state.seen));
    if (made.length) saw(made);
    // A window that shows one part is beside a console that sounds already.
    if (!state.part) sound.hear(alerts, own, Date.now());
    const ids = alerts.map((one) => one.id).join();
    if (ids !== known) set({ alertsAt: now_ms() });
    known = ids;
  }

  addEventListener("storage", ({ key }) => key === seenBy && set({ seen: recall(seenBy, {}) }));
  set({ seen: recall(seenBy, {}) });
  setInterval(look, LOOK_MS);
  return { toggle: sound.toggle, saw };
}
