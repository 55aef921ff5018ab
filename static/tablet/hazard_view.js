// What the control room wants the crew to know of the place: danger zones, and its newest note.

import { html } from "/static/vendor/lit-html/lit-html.js";

export function hazardView(incident) {
  const zones = (incident.hazards ?? []).map((one) => one.name).join(", ");
  const note = incident.notes?.at(-1);
  return html`${zones ? html`<p class="chip bad hazard" role="alert"><b>${interpolate(gettext("Danger zone: %(zones)s"), { zones }, true)}</b></p>` : ""}
    ${note ? html`<p class="one-line" title=${note.text}><time class="faint" data-at=${note.at}></time> ${note.text}</p>` : ""}`;
}
