// What happened, newest first, live: of everything, or of the selected incident from its first row.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { item } from "../shared/reduce.js";
import { label, nameOf } from "../shared/terms.js";
import { JOURNAL_KINDS, journalFor } from "./journal_rows.js";
import { popButton } from "./pop_button.js";
import { shortNumber } from "./words.js";

const KIND_NAMES = {
  "": () => gettext("Everything"),
  calls: () => gettext("Calls and incidents"),
  units: () => gettext("Units and missions"),
  safety: () => gettext("Crew safety"),
  care: () => gettext("Hospitals"),
  roads: () => gettext("Roads and zones"),
};
const actorName = (actor) => (typeof actor === "object" ? nameOf(actor) : actor);

function words(state, one) {
  const mission = item(state.board, "missions", one.refs?.mission);
  const unit = item(state.board, "units", one.refs?.unit);
  const incident = item(state.board, "incidents", one.refs?.incident ?? mission?.incident_id);
  const hospital = item(state.board, "hospitals", one.refs?.hospital);
  const zone = item(state.board, "zones", one.refs?.zone);
  return { what: label("journal_kind", one.kind), unit: mission?.call_sign ?? unit?.call_sign ?? "", incident, hospital: nameOf(hospital), zone: zone?.name ?? "", actor: one.actor ? actorName(one.actor) : "" };
}

function row(state, act, { one, said }) {
  const { what, unit, incident, hospital, zone, actor } = said;
  const body = html`<time class="faint number" data-at=${one.occurred_at}></time>
    <span class="what"><b>${what}</b> ${unit} ${hospital} ${zone}</span>
    <time class="faint small age" data-age=${one.occurred_at}></time>
    <span class="faint small who">${incident ? html`<span title=${incident.number}>${shortNumber(incident.number)}</span> ` : nothing}${actor}</span>`;
  return html`<li>${incident ? html`<button class="row entry" @click=${() => act.select(incident.id)}>${body}</button>` : html`<div class="row entry still">${body}</div>`}</li>`;
}

export function journalView(state, act) {
  const rows = journalFor(state).map((one) => ({ one, said: words(state, one) }));
  const wanted = state.journalText.trim().toLowerCase();
  const shown = rows.filter(({ said }) => !wanted || [said.what, said.unit, said.hospital, said.zone, said.actor, said.incident?.number].join(" ").toLowerCase().includes(wanted));
  const incident = state.follow ? item(state.board, "incidents", state.selection.incident) : null;
  return html`
    <div class="panel-head">
      <h2>${gettext("Journal")} <kbd>J</kbd></h2>
      ${incident ? html`<button class="button small" aria-pressed="true" @click=${act.toggleFollow}>${shortNumber(incident.number)} <kbd>E</kbd></button>` : nothing}
      <span class="push">${popButton(act, "journal")}</span>
    </div>
    <div class="find journal-find">
      <select class="input" aria-label=${gettext("Show in the journal")} @change=${(event) => act.set({ journalKind: event.target.value })}>
        ${Object.keys(JOURNAL_KINDS).map((code) => html`<option value=${code} ?selected=${state.journalKind === code}>${KIND_NAMES[code]()}</option>`)}
      </select>
      <input class="input" type="search" .value=${state.journalText} placeholder=${gettext("Filter")} aria-label=${gettext("Filter the journal")} @input=${(event) => act.set({ journalText: event.target.value })} />
    </div>
    <ol class="panel-body entries" data-rows aria-label=${gettext("Newest journal entries")}>
      ${repeat(shown, ({ one }) => one.id, (entry) => row(state, act, entry))}
      ${shown.length || !state.board.ready ? nothing : html`<li class="empty small">${gettext("Nothing yet.")}</li>`}
    </ol>
  `;
}
