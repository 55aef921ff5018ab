// Foot: the newest journal entries, of everything or of the selected incident.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { item } from "../shared/reduce.js";
import { label, nameOf } from "../shared/terms.js";
import { journalRows, missionsOf } from "./choose.js";
import { shortNumber } from "./words.js";

const actorName = (actor) => (typeof actor === "object" ? nameOf(actor) : actor);

function entry(state, one) {
  const refs = one.refs ?? {};
  const incident = item(state.board, "incidents", refs.incident);
  const mission = item(state.board, "missions", refs.mission);
  return html`<li class="entry">
    <time class="faint" data-at=${one.occurred_at}></time>
    <b>${label("journal_kind", one.kind)}</b>
    ${mission ? html`<span>${mission.call_sign}</span>` : nothing}
    ${incident ? html`<span class="faint" title=${incident.number}>${shortNumber(incident.number)}</span>` : nothing}
    ${one.actor ? html`<span class="faint">${actorName(one.actor)}</span>` : nothing}
  </li>`;
}

export function stripView(state, act) {
  const incidentId = state.selection.incident;
  const missionIds = incidentId ? missionsOf(state.board, incidentId).map((mission) => mission.id) : [];
  const rows = journalRows(state.board, { incidentId, missionIds });
  return html`
    <button class="button quiet small" aria-expanded=${state.journalOpen} @click=${() => act.set({ journalOpen: !state.journalOpen })}>
      ${gettext("Journal")} <kbd>J</kbd>
    </button>
    <ol class="entries" aria-label=${gettext("Newest journal entries")}>
      ${repeat(rows, (one) => one.id, (one) => entry(state, one))}
      ${rows.length || !state.board.ready ? nothing : html`<li class="entry faint">${gettext("Nothing yet.")}</li>`}
    </ol>
  `;
}
