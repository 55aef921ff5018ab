// An arrival time that counts down, or, when the position is stale, stands still and says so.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { etaRange, rangeMeaning } from "../shared/eta_range.js";
import { duration } from "../shared/time.js";

const NOTES = {
  stale_fix: () => gettext("Position stale: the arrival time is the last known one."),
  unreachable: () => gettext("No way by road is known: no arrival time."),
  off_road: () => gettext("The vehicle is off the road network: no arrival time."),
};

export const etaNote = (mission) => (mission.eta_note ? NOTES[mission.eta_note]?.() ?? mission.eta_note : "");

// On the way to the scene or to the hospital; in between there is nothing to count down.
const TRAVELLING = new Set(["assigned", "acknowledged", "en_route", "on_board", "left_scene"]);
export const travelling = (mission) => mission.open && TRAVELLING.has(mission.state);

export function etaView(mission) {
  if (!travelling(mission) || mission.eta_s === null || mission.eta_s === undefined) return nothing;
  if (mission.eta_note) return html`<span class="number eta-frozen" title=${etaNote(mission)}>≈ ${duration(mission.eta_s)}</span>`;
  return html`<time data-countdown=${mission.eta_s} data-from=${mission.eta_computed_at}></time>`;
}

/** "5–9 min" beside the countdown; nothing while the estimate stands still. */
export function rangeView(mission) {
  const range = mission.eta_note ? "" : etaRange(mission);
  return range ? html`<span class="faint small number" title=${rangeMeaning()}>${range}</span>` : nothing;
}
