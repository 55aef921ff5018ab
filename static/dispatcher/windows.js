// One selection in every window of one person: the console and the parts that stand on the second screen.

import { uuid } from "../shared/api.js";

const CHANNEL = "onboard-console";

const later = (a, b) => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
const shared = ({ selection, candidate, layers, recommendations }) => ({ selection, candidate, layers, recommendation: recommendations[selection.incident] ?? null });

/**
 * person: whose windows; store; select(id | null): what a selection does here; onPoint(place): a click on a map elsewhere.
 * Returns {point}: hand a click on bare map to the console beside this window.
 *
 * Two windows may select at the same moment: each selection carries a time above every one seen and the name of its
 * window, and the latest wins in both. What came from there is never sent back. now(): milliseconds; a window that was
 * loaded anew has seen nothing, and is heard because time went on.
 */
export function createWindows({ person, store, select, onPoint, open = (name) => new BroadcastChannel(name), own = uuid(), now = Date.now }) {
  if (!("BroadcastChannel" in globalThis)) return { point: () => {} };
  const channel = open(`${CHANNEL}-${person}`);
  let known = JSON.stringify(shared(store.state));
  let newest = [0, ""];
  let hearing = false;

  function tell() {
    newest = [Math.max(newest[0] + 1, now()), own];
    channel.postMessage({ t: "follow", at: newest, ...shared(store.state) });
  }

  function send() {
    const current = JSON.stringify(shared(store.state));
    if (current === known) return;
    known = current;
    if (!hearing) tell();
  }

  function follow(message) {
    if (!later(message.at, newest)) return;
    newest = message.at;
    const before = store.state.selection.incident;
    const next = message.selection.incident;
    hearing = true;
    if (next !== before && next !== null) select(next);
    store.dispatch(message);
    hearing = false;
  }

  channel.onmessage = ({ data }) => {
    if (data.t === "follow") follow(data);
    else if (data.t === "point" && !store.state.part) onPoint(data);
    // Also what was selected before this number began: a new window knows nothing.
    else if (data.t === "hello" && !store.state.part) tell();
  };
  store.subscribe(send);
  if (store.state.part) channel.postMessage({ t: "hello" });
  return { point: (place) => channel.postMessage({ t: "point", ...place }) };
}
