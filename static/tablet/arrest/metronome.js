// The beat of the compressions: exact by the audio clock, whatever the page is busy with.

import { playTones } from "../../shared/tones.js";

const AHEAD_S = 0.4;
const LOOK_MS = 100;

/** {start(rate), stop(), running}. rate: compressions per minute. */
export function createMetronome() {
  let context = null;
  let timer = null;
  let next = 0;
  let beat_s = 60 / 110;

  function look() {
    while (next < context.currentTime + AHEAD_S) {
      playTones(context, [[880, Math.max(0, next - context.currentTime - 0.02), 0.05]], 0.12);
      next += beat_s;
    }
  }

  function stop() {
    clearInterval(timer);
    timer = null;
  }

  return {
    start(rate) {
      beat_s = 60 / rate;
      if (timer) return;
      context ??= new AudioContext();
      context.resume();
      next = context.currentTime + 0.05;
      timer = setInterval(look, LOOK_MS);
    },
    stop,
    get running() {
      return timer !== null;
    },
  };
}
