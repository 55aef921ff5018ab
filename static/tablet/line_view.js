// Everything of the mission in one line of time, newest first: statuses, findings, treatments, drugs.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { FORMATS } from "../shared/ecg/ecg_rules.js";
import { openEcg } from "../shared/ecg/ecg_viewer.js";
import { label, nameOf } from "../shared/terms.js";
import { entryWords } from "./entry_words.js";
import { ecgsOf, entriesOf, timeLine } from "./tablet_state.js";

function words(row) {
  if (row.fact) return html`<span class="status" data-status=${row.fact}>${label("mission_state", row.fact)}</span>`;
  if (row.ecg) {
    const fault = row.state === "unreadable" ? html`<i>${label("ecg_fault", row.fault)}</i>` : "";
    return html`<span class="line-what"><b>${gettext("12-lead ECG")}</b> <small>${FORMATS[row.format] ?? ""}</small> ${fault}</span>`;
  }
  const { kind, thing, amount, why } = entryWords(row);
  return html`<span class="line-what"><small>${kind}</small> <b>${thing}</b> ${amount} ${why ? html`<i>${why}</i>` : ""}</span>`;
}

// A slip of the finger: only what can be "not done" has the way back; findings are replaced by tapping the right one.
const canTakeBack = (row) => /^(treatment|drug)\./.test(row.element ?? "") && !row.replaced && !row.pertinent_negative && !row.waiting;

export function lineView(state, mission, act) {
  return html`
    <p class="line-head">
      <label class="button ecg-bring">${gettext("Add 12-lead ECG")}<input class="visually-hidden" type="file" accept=".dcm,.dicom,.xml,.zip" @change=${(event) => act.bringEcg(mission, event.target)}></label>
      <a class="button" href="/missions/${mission.id}/record/" target="_blank" rel="noopener">${gettext("Printable record")}</a>
    </p>
    <ol class="line">${timeLine(mission, entriesOf(state, mission), ecgsOf(state, mission)).map((row) => html`
      <li class=${row.replaced ? "replaced" : ""}>
        <time data-at=${row.occurred_at}></time>${words(row)}
        <span class="line-who">${row.waiting ? html`<span class="chip warn">${gettext("waiting to send")}</span>` : nameOf(row.author) || (row.source === "vehicle" ? gettext("vehicle") : "")}</span>
        ${row.ecg ? html`<button type="button" class="button" data-act="open-ecg" @click=${() => openEcg(row.id)}>${gettext("Open")}</button>` : canTakeBack(row) ? html`<button type="button" class="button" data-act="not-done" @click=${() => act.notDone(mission, row)}>${gettext("Not done")}</button>` : html`<span></span>`}
      </li>`)}</ol>`;
}
