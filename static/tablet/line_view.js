// Everything of the mission in one line of time, newest first: statuses, findings, treatments, drugs.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf } from "../shared/terms.js";
import { entryWords } from "./entry_words.js";
import { entriesOf, timeLine } from "./tablet_state.js";

function words(row) {
  if (row.fact) return html`<span class="status" data-status=${row.fact}>${label("mission_state", row.fact)}</span>`;
  const { kind, thing, amount, why } = entryWords(row);
  return html`<span class="line-what"><small>${kind}</small> <b>${thing}</b> ${amount} ${why ? html`<i>${why}</i>` : ""}</span>`;
}

// A slip of the finger: only what can be "not done" has the way back; findings are replaced by tapping the right one.
const canTakeBack = (row) => /^(treatment|drug)\./.test(row.element ?? "") && !row.replaced && !row.pertinent_negative && !row.waiting;

export function lineView(state, mission, act) {
  return html`
    <p class="line-head"><a class="button" href="/missions/${mission.id}/record/" target="_blank" rel="noopener">${gettext("Printable record")}</a></p>
    <ol class="line">${timeLine(mission, entriesOf(state, mission)).map((row) => html`
      <li class=${row.replaced ? "replaced" : ""}>
        <time data-at=${row.occurred_at}></time>${words(row)}
        <span class="line-who">${row.waiting ? html`<span class="chip warn">${gettext("waiting to send")}</span>` : nameOf(row.author)}</span>
        ${canTakeBack(row) ? html`<button type="button" class="button" data-act="not-done" @click=${() => act.notDone(mission, row)}>${gettext("Not done")}</button>` : html`<span></span>`}
      </li>`)}</ol>`;
}
