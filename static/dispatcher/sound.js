// Tones of the console: one pattern a kind, once an alert. What was heard is kept for every window and reload.

import { playTones } from "../shared/tones.js";
import { KINDS, noted, unheard } from "./alerts.js";
import { recall, remember } from "./browser_memory.js";

// [frequency in Hz, beginning and length in seconds]: told apart by rhythm as well as by pitch.
const TONES = {
  crew: [[880, 0, 0.18], [660, 0.2, 0.18], [880, 0.4, 0.18], [660, 0.6, 0.18], [880, 0.8, 0.3]],
  unacknowledged: [[740, 0, 0.12], [740, 0.2, 0.12], [740, 0.4, 0.12]],
  call: [[523, 0, 0.14], [659, 0.16, 0.22]],
  hospital: [[330, 0, 0.2], [330, 0.3, 0.2]],
  late: [[392, 0, 0.35]],
};
const LEDGER = "onboard-heard";
const MUTED = "onboard-muted";

/** One window at a time reads and writes the ledger, where the browser can lock. */
const alone = (work) => (navigator.locks ? navigator.locks.request(LEDGER, work) : Promise.resolve(work()));

/** onState('on' | 'muted' | 'blocked'): what the top bar shows. */
export function createSound({ onState }) {
  let context = null;
  let muted = recall(MUTED, false);
  let memory = {}; // when storage is missing: heard once a page
  const state = () => (muted ? "muted" : context?.state === "running" ? "on" : "blocked");
  const tell = () => onState(state());

  function wake() {
    context ??= new AudioContext();
    context.resume().then(tell);
  }

  function play(kind) {
    playTones(context, TONES[kind]);
    document.dispatchEvent(new CustomEvent("onboard-tone", { detail: kind }));
  }

  /** Sound what was never heard. While blocked nothing counts as heard; muted, it does. */
  function hear(alerts, mine, now_ms) {
    if (state() === "blocked" || !alerts.length) return;
    return alone(() => {
      const ledger = { ...memory, ...recall(LEDGER, {}) };
      const fresh = unheard(alerts, ledger, mine);
      const own = alerts.filter((one) => mine.has(one.id) && !(one.id in ledger));
      if (!fresh.length && !own.length) return;
      memory = noted(ledger, [...fresh, ...own], now_ms, alerts);
      remember(LEDGER, memory);
      const loudest = KINDS.find((kind) => fresh.some((one) => one.kind === kind));
      if (loudest && !muted) play(loudest);
    });
  }

  function toggle() {
    muted = !muted;
    remember(MUTED, muted);
    if (!muted) wake();
    tell();
  }

  // A browser lets a page sound only after the person has touched it.
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => context?.state !== "running" && wake(), { capture: true });
  addEventListener("storage", ({ key }) => key === MUTED && ((muted = recall(MUTED, false)), tell()));
  if (navigator.userActivation?.hasBeenActive) wake();
  tell();
  return { hear, toggle };
}
