// One selection in every window of one person: the console and the parts that stand on the second screen.

const CHANNEL = "onboard-console";

/**
 * person: whose windows; store; select(id | null): what a selection does here; onPoint(place): a click on a map elsewhere.
 * Returns {point}: hand a click on bare map to the console beside this window.
 */
export function createWindows({ person, store, select, onPoint }) {
  if (!("BroadcastChannel" in window)) return { point: () => {} };
  const channel = new BroadcastChannel(`${CHANNEL}-${person}`);
  let last = null;

  const shared = ({ selection, candidate, layers, recommendations }) => ({ selection, candidate, layers, recommendation: recommendations[selection.incident] ?? null });

  function send() {
    const now = shared(store.state);
    const text = JSON.stringify(now);
    if (text === last) return;
    last = text;
    channel.postMessage({ t: "follow", ...now });
  }

  function follow(message) {
    const before = store.state.selection.incident;
    const next = message.selection.incident;
    store.dispatch(message);
    last = JSON.stringify(shared(store.state)); // what came from there does not go back
    if (next !== before && next !== null) select(next);
  }

  channel.onmessage = ({ data }) => {
    if (data.t === "follow") follow(data);
    else if (data.t === "point" && !store.state.part) onPoint(data);
    else if (data.t === "hello" && !store.state.part) ((last = null), send());
  };
  store.subscribe(send);
  if (store.state.part) channel.postMessage({ t: "hello" });
  return { point: (place) => channel.postMessage({ t: "point", ...place }) };
}
