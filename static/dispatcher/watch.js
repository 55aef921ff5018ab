// Listens for the desk: sounds what is new once, and lets the alerts be looked at anew when time alone makes one.

import { now_ms } from "../shared/time.js";
import { alertsOf, ownAlerts } from "./alerts.js";
import { createSound } from "./sound.js";

const LOOK_MS = 1000;

export function createWatch({ store }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const sound = createSound({ onState: (state) => set({ sound: state }) });
  let known = "";

  function look() {
    const { state } = store;
    if (!state.board.ready) return;
    const alerts = alertsOf(state.board, now_ms());
    // A window that shows one part is beside a console that sounds already.
    if (!state.part) sound.hear(alerts, ownAlerts(state), Date.now());
    const ids = alerts.map((one) => one.id).join();
    if (ids !== known) set({ alertsAt: now_ms() });
    known = ids;
  }

  setInterval(look, LOOK_MS);
  return { toggle: sound.toggle };
}
