// The outline of a body, front or back, a grown-up's or a child's: one shape for each region that can be tapped.

import { svg } from "/static/vendor/lit-html/lit-html.js";

const MIDDLE = 110;

/** Where the parts of a body lie, in the units of the drawing; a small child's head is larger, its legs shorter. */
function build(child) {
  const head = child ? 44 : 32;
  const neck = 12 + 2 * head;
  return { head, neck, hip: neck + (child ? 156 : 150), foot: child ? 400 : 430 };
}

const box = (x, y, width, height, round) => `M${x + round},${y}h${width - 2 * round}q${round},0 ${round},${round}v${height - 2 * round}q0,${round} ${-round},${round}h${2 * round - width}q${-round},0 ${-round},${-round}v${2 * round - height}q0,${-round} ${round},${-round}z`;

/** key → path; the viewer's left of a front view is the patient's right. */
function shapes(view, { head, neck, hip, foot }) {
  const sides = view === "front" ? ["right", "left"] : ["left", "right"];
  const trunk = hip - neck;
  const found = { "head midline": `M${MIDDLE - head},${12 + head}a${head},${head} 0 1 1 ${2 * head},0a${head},${head} 0 1 1 ${-2 * head},0` };
  const [upper, lower] = view === "front" ? ["chest", "abdomen"] : ["upper_back", "lower_back"];
  found[`${upper} midline`] = box(MIDDLE - 42, neck + 4, 84, trunk * 0.5 - 4, 14);
  found[`${lower} midline`] = box(MIDDLE - 38, neck + trunk * 0.5 + 3, 76, trunk * (view === "front" ? 0.34 : 0.5) - 3, 10);
  if (view === "front") found["pelvis midline"] = box(MIDDLE - 38, neck + trunk * 0.84 + 3, 76, trunk * 0.16 - 3, 8);
  sides.forEach((side, place) => {
    const out = place ? 1 : -1;
    const arm = MIDDLE + out * 60 - 14;
    const leg = MIDDLE + out * 21 - 18;
    found[`arm ${side}`] = box(arm, neck + 8, 28, trunk * 0.86, 13);
    found[`hand ${side}`] = box(arm - 2, neck + trunk * 0.86 + 12, 32, 40, 12);
    found[`leg ${side}`] = box(leg, hip + 4, 36, foot - hip - 40, 12);
    found[`foot ${side}`] = box(leg - 3 + out * 4, foot - 32, 42, 32, 12);
  });
  return found;
}

/** view: "front" | "back"; name(region, side) is read aloud; marks: Map of "region side" → a class; tap(region, side). */
export function figure(view, { child, name, marks, chosen, tap }) {
  const parts = Object.entries(shapes(view, build(child)));
  const keyed = (event, region, side) => {
    if (!["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    tap(region, side);
  };
  return svg`<svg class="figure" viewBox="20 0 180 440" role="group" aria-label=${view === "front" ? gettext("Front") : gettext("Back of the body")}>
    ${parts.map(([key, d]) => {
      const [region, side] = key.split(" ");
      return svg`<path d=${d} class=${marks.get(key) ?? ""} data-region=${region} data-side=${side} role="button" tabindex="0" aria-label=${name(region, side)} aria-pressed=${chosen === key}
        @click=${() => tap(region, side)} @keydown=${(event) => keyed(event, region, side)}></path>`;
    })}</svg>`;
}
