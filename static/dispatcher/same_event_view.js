// Is this the same event as another? Proposed with what speaks for it, merged by a person, parted again.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { clock } from "../shared/time.js";
import { label } from "../shared/terms.js";
import { signs } from "./triage_view.js";
import { shortNumber } from "./words.js";

function proposal(state, act, incident) {
  const known = state.sameAs[incident.id] ?? [];
  const nearest = known.find((one) => state.board.collections.incidents?.[one.incident_id]);
  if (!nearest) return nothing;
  // Only what nobody serves is given up: the unit's incident is the one to keep.
  const served = incident.state === "assigned";
  return html`<div class="notice warn same-event" role="alert">
    <b>${interpolate(gettext("Perhaps the same event as %(number)s"), { number: shortNumber(nearest.number) }, true)}</b>
    <span class="small">${label("complaint", nearest.complaint)}: ${signs(nearest)}</span>
    <span class="buttons">
      ${served ? nothing : html`<button class="button small" @click=${() => act.merge(incident, nearest)}>${interpolate(gettext("Merge into %(number)s"), { number: shortNumber(nearest.number) }, true)}</button>`}
      <button class="button quiet small" @click=${() => act.select(nearest.incident_id)}>${gettext("Look at it")}</button>
    </span>
  </div>`;
}

const taken = (act, merge) => html`<p class="line small merged">
  <span class="chip">${interpolate(gettext("%(number)s merged"), { number: shortNumber(merge.number) }, true)}</span> <span class="faint">${clock(merge.at)}</span>
  <button class="button quiet small push" @click=${() => act.partAgain(merge)}>${gettext("Part again")}</button>
</p>`;

const callLine = (act, call) => html`<p class="line small merged">
  <span class="number">${call.number_from || gettext("Number unknown")}</span> <span class="faint">${clock(call.ring_at)}</span>
  <button class="button quiet small push" @click=${() => act.detach(call)}>${gettext("Not this event")}</button>
</p>`;

export function sameEventView(state, act, incident, calls) {
  return html`${proposal(state, act, incident)} ${calls.length > 1 ? calls.map((call) => callLine(act, call)) : nothing} ${incident.merged.map((merge) => taken(act, merge))}`;
}
