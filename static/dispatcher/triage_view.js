// What the form says back: possible duplicates, and the priority with its reasons while it is typed.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { label } from "../shared/terms.js";
import { shortNumber } from "./words.js";

/** What speaks for one event, in the server's words. */
export const signs = (duplicate) => duplicate.reasons.map((reason) => reason.text).join(" · ");

export function duplicatesView(draft, act) {
  const [nearest, ...others] = draft.duplicates;
  if (!nearest) return nothing;
  return html`<div class="notice warn duplicate" role="alert">
    <strong>${gettext("Perhaps already known")} · ${shortNumber(nearest.number)}</strong>
    <span>${label("complaint", nearest.complaint)}: ${signs(nearest)}</span>
    ${others.length ? html`<span class="faint small">${interpolate(ngettext("and %(count)s more near here", "and %(count)s more near here", others.length), { count: others.length }, true)}</span>` : nothing}
    <span class="buttons">
      <button type="button" class="button small" @click=${() => act.attach(nearest.incident_id)}>${gettext("Attach this call to it")} <kbd>Alt A</kbd></button>
    </span>
  </div>`;
}

export function judgementView(draft, act) {
  const { triage } = draft;
  return html`<div class="judgement" aria-live="polite">
    ${triage
      ? html`<span class="priority big" data-priority=${triage.priority}>${triage.priority}</span>
          <ul class="reasons">
            ${triage.reasons.length ? triage.reasons.map((reason) => html`<li>${reason.text ?? reason.code}</li>`) : html`<li>${label("determinant", triage.determinant)}</li>`}
          </ul>`
      : html`<span class="priority big open" aria-hidden="true">?</span><span class="faint">${gettext("Priority appears when the complaint is known.")}</span>`}
    <span class="buttons push">
      <button type="button" class="button quiet small" @click=${act.drop} title=${gettext("No ambulance is needed, or the caller hung up")}>${gettext("Close call")}</button>
      <button type="button" class="button primary" ?disabled=${draft.saving} @click=${act.save}>${gettext("Save")} <kbd>Ctrl ⏎</kbd></button>
    </span>
  </div>`;
}
