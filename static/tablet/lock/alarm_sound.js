// A patient's alarm sounds on the tablet, locked or not, until somebody has seen it. Bursts after IEC 60601-1-8:
// high priority five pulses twice, medium three; low only shows.

import { playTones } from "../../shared/tones.js";
import { loudest } from "./alarm_rules.js";

const PULSE_S = 0.12;
const BURSTS = { high: [0, 0.22, 0.44, 0.8, 1.02], medium: [0, 0.3, 0.6] };
const EVERY_MS = { high: 5_000, medium: 15_000 };
const HERTZ = { high: 880, medium: 660 };

export function createAlarmSound() {
  let context = null;
  let sounding = null;
  let timer = null;

  function burst() {
    if (context?.state === "running") playTones(context, BURSTS[sounding].map((begin) => [HERTZ[sounding], begin, PULSE_S]));
    document.dispatchEvent(new CustomEvent("onboard-tone", { detail: `${sounding} ${context?.state ?? "blocked"}` }));
  }

  // A browser lets a page sound only after the person has touched it.
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => (context ??= new AudioContext()).resume(), { capture: true });

  /** Call with the alarms of every change. */
  return function hear(alarms) {
    const next = loudest(alarms);
    if (next === sounding) return;
    sounding = next;
    clearInterval(timer);
    if (!sounding) return;
    burst();
    timer = setInterval(burst, EVERY_MS[sounding]);
  };
}
