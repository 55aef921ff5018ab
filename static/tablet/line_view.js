// The heart of the record: one tap for each event, and everything of the mission in one line of time, newest first.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { FORMATS } from "../shared/ecg/ecg_rules.js";
import { openEcg } from "../shared/ecg/ecg_viewer.js";
import { label, nameOf } from "../shared/terms.js";
import { rowWords } from "../shared/record/entry_words.js";
import { timeLine } from "../shared/record/line_rules.js";
import { soundOfRow } from "../shared/record/media_view.js";
import { ecgsOf, placesOf } from "./tablet_state.js";

const SHOWN = 24; // the rest is one tap away: two days are thousands

const EVENTS = [
  ["vitals", () => gettext("Vital signs")],
  ["arrest", () => gettext("Cardiac arrest")],
  ["body", () => gettext("Body map")],
  ["forms", () => gettext("Form")],
  ["refusal", () => gettext("Refusal")],
  ["sign", () => gettext("Signature")],
  ["photo", () => gettext("Photograph")],
  ["voice", () => gettext("Voice note")],
  ["camera", () => gettext("Live camera")],
];

const eventsView = (mission, act) => html`<nav class="events" aria-label=${gettext("What happens now")}>
  ${EVENTS.map(([name, text]) => html`<button type="button" class="tile" data-event=${name} @click=${() => act.open(name)}>${text()}</button>`)}
  <label class="tile ecg-bring">${gettext("Add 12-lead ECG")}<input class="visually-hidden" type="file" accept=".dcm,.dicom,.xml,.zip" @change=${(event) => act.bringEcg(mission, event.target)}></label>
  <a class="tile" href="/missions/${mission.id}/record/" target="_blank" rel="noopener">${gettext("Printable record")}</a>
  <a class="tile" href="/hypermedia/${mission.id}/" target="_blank" rel="noopener">${gettext("Hypermedia record")}</a>
</nav>`;

function words(row, reference) {
  if (row.fact) return html`<span class="status" data-status=${row.fact}>${label("mission_state", row.fact)}</span>`;
  if (row.ecg) {
    const fault = row.state === "unreadable" ? html`<i>${label("ecg_fault", row.fault)}</i>` : "";
    return html`<span class="line-what"><b>${gettext("12-lead ECG")}</b> <small>${FORMATS[row.format] ?? ""}</small> ${fault}</span>`;
  }
  const { kind, thing, more } = rowWords(row, reference);
  return html`<span class="line-what"><small>${kind}</small> <b>${thing}</b> ${more.join(" · ")}
    ${row.conflict ? html`<span class="chip bad">${gettext("two versions")}</span>` : ""}${row.doubtful ? html`<span class="chip warn">${gettext("in doubt")}</span>` : ""}${soundOfRow(row)}</span>`;
}

function who(row) {
  if (row.waiting) return html`<span class="chip warn">${gettext("waiting to send")}</span>`;
  const of = { device: gettext("device"), vehicle: gettext("vehicle"), document: gettext("document") }[row.source];
  return [of, nameOf(row.author)].filter(Boolean).join(" · ");
}

function opening(row, act) {
  if (row.ecg) return html`<button type="button" class="button" data-act="open-ecg" @click=${() => openEcg(row.id)}>${gettext("Open")}</button>`;
  return row.places ? html`<button type="button" class="button" data-act="detail" aria-label=${gettext("Details")} @click=${() => act.open("detail", { key: row.key })}>›</button>` : html`<span></span>`;
}

export function lineView(state, mission, act) {
  const rows = timeLine(mission, placesOf(state, mission), ecgsOf(state, mission));
  const shown = state.wholeLine ? rows : rows.slice(0, SHOWN);
  return html`
    ${eventsView(mission, act)}
    <ol class="line">${shown.map((row) => html`<li data-kind=${row.kind ?? ""} class=${row.conflict ? "conflict" : ""}>
      <time data-at=${row.occurred_at}></time>${words(row, state.reference)}<span class="line-who">${who(row)}</span>${opening(row, act)}
    </li>`)}</ol>
    ${shown.length < rows.length ? html`<button type="button" class="button wide" data-act="whole-line" @click=${() => act.set({ wholeLine: true })}>${interpolate(gettext("All %(count)s rows"), { count: rows.length }, true)}</button>` : ""}`;
}
