// What a telephone does: a double ring every four seconds while it rings, a soft tone for who waits.

import { playTones } from "../tones.js";

const EVERY_MS = 4000;
const RING = [[440, 0, 0.4], [480, 0, 0.4], [440, 0.6, 0.4], [480, 0.6, 0.4]];
const WAIT = [[425, 0, 0.9]];

export function createRing() {
  let context = null;
  let ringing = null;
  let timer = null;

  const play = () => {
    context ??= new AudioContext();
    context.resume().then(() => ringing && playTones(context, ringing === "ring" ? RING : WAIT, ringing === "ring" ? 0.2 : 0.06)).catch(() => undefined);
  };

  /** what: 'ring' | 'wait' | null. */
  return (what) => {
    if (what === ringing) return;
    ringing = what;
    clearInterval(timer);
    if (!what) return;
    play();
    timer = setInterval(play, EVERY_MS);
  };
}
