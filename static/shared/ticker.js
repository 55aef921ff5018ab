// Once a second every element with a time attribute gets its text. Templates leave these elements empty:
//   <time data-age="ISO" data-warn="30" data-late="120">     age, with level by limits in seconds
//   <time data-elapsed="ISO" data-until="ISO" data-warn data-late>   running (or stopped) clock m:ss
//   <time data-countdown="SECONDS" data-from="ISO">          estimate counting down from when it was made
//   <time data-at="ISO">  hh:mm:ss of a moment;   <time data-clock>  the centre's wall clock

import { ageText, clock, duration, etaLeft, level, now_ms, secondsSince } from "./time.js";

const limit = (text) => (text === undefined || text === "" ? Number.NaN : Number(text));

function put(element, text, newLevel) {
  if (element.textContent !== text) element.textContent = text;
  if (newLevel !== undefined && element.dataset.level !== newLevel) element.dataset.level = newLevel;
}

function paint(element, at_ms) {
  const { age, elapsed, until, countdown, from, at, warn, late } = element.dataset;
  if (age !== undefined) {
    const seconds = secondsSince(age, at_ms);
    put(element, ageText(seconds), level(seconds, limit(warn), limit(late)));
  } else if (elapsed !== undefined) {
    const seconds = secondsSince(elapsed, until ? Date.parse(until) : at_ms);
    put(element, duration(seconds), level(seconds, limit(warn), limit(late)));
  } else if (countdown !== undefined) {
    const left = countdown === "" ? null : etaLeft(Number(countdown), from, at_ms);
    put(element, duration(left), left === null ? "none" : left < 0 ? "warn" : "ok");
  } else if (at !== undefined) put(element, clock(at));
  else put(element, clock(at_ms));
}

/** Paint now, e.g. right after a render, so that a new row never shows an empty age. */
export function tick(root = document) {
  const at_ms = now_ms();
  const timed = "[data-age],[data-elapsed],[data-countdown],[data-at],[data-clock]";
  for (const element of root.querySelectorAll(timed)) paint(element, at_ms);
}

let timer = null;

export function startTicker() {
  if (timer !== null) return;
  tick();
  timer = setInterval(tick, 1000);
}
