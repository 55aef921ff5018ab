// Where the keyboard is: steps of the form, the panel, the parts of the screen.

import { flush } from "../shared/store.js";

const PARTS = ["crew-alarms", "alerts", "queue", "work", "map", "roads", "units", "journal"];

// At once, not with the next frame: a fast typist's next letter must not land in the old field.
const afterDrawing = (work) => {
  flush();
  work();
};
const byId = (id) => document.getElementById(id);
const steps = () => [...byId("work").querySelectorAll("[data-step]")];

function go(element) {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}

function open(steps_, from) {
  // After an answer the next useful step is the next one that is still open.
  return steps_.slice(from + 1).find((element) => element.dataset.open !== "false" && element.dataset.chosen !== "true");
}

export const focus = {
  first: () => afterDrawing(() => go(steps()[0])),
  field: (name) => afterDrawing(() => go(byId(name))),
  panel: () => afterDrawing(() => byId("work").focus({ preventScroll: true })),
  help: () => afterDrawing(() => byId("close-help")?.focus()),
  findUnit: () => byId("find-unit")?.select(),
  /** To the step after `name` ('place', 'complaint' or 'question:code') that is still open. */
  next: (name) =>
    afterDrawing(() => {
      const all = steps();
      const [kind, code] = name.split(":");
      const at = all.findIndex((element) => (kind === "question" ? element.dataset.question === code : element.id === kind));
      go(open(all, at) ?? all[at + 1]);
    }),
  /** One step on or back from where the keyboard is. */
  step: (by) => {
    const all = steps();
    const here = all.findIndex((element) => element.contains(document.activeElement));
    go(all[here + by]);
  },
  nextPart: (by) => {
    const parts = PARTS.map(byId).filter((part) => part && !part.hidden && part.checkVisibility() && (part.id === "map" || part.childElementCount));
    const here = parts.findIndex((part) => part.contains(document.activeElement));
    const part = parts[(here + by + parts.length) % parts.length];
    go(part.querySelector(".row") ?? part.querySelector("[data-step], button, canvas") ?? part);
  },
};
