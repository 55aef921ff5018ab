// A pad to sign on with a finger: 600 by 200, the strokes as an SVG path.

import { html } from "/static/vendor/lit-html/lit-html.js";

export const WIDTH = 600;
export const HEIGHT = 200;

/** The strokes are kept here: a finger is faster than the screen's state. onSigned(bool) after each stroke. */
export function createPad(onSigned) {
  let drawn = "";
  const at = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return `${Math.round(((event.clientX - box.left) / box.width) * WIDTH)},${Math.round(((event.clientY - box.top) / box.height) * HEIGHT)}`;
  };
  const down = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drawn += `M${at(event)}`;
  };
  const move = (event) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    drawn += `L${at(event)}`;
    event.currentTarget.querySelector("path").setAttribute("d", drawn);
  };
  const up = () => onSigned(drawn.includes("L"));
  return {
    path: () => drawn,
    clear: () => {
      drawn = "";
      document.querySelector("#pad path")?.setAttribute("d", "");
      onSigned(false);
    },
    view: () => html`<svg id="pad" class="pad" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${gettext("Sign here")} @pointerdown=${down} @pointermove=${move} @pointerup=${up} @pointercancel=${up}>
      <line x1="20" y1="160" x2="580" y2="160"></line><path></path></svg>`,
  };
}

/** A signature that was made, to look at. */
export const strokes = (path) => html`<svg class="signature" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${gettext("Signature")}><path d=${path}></path></svg>`;
