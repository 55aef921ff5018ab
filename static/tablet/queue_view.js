// Everything that the server does not have yet: what waits, what it refused and why, what was set aside.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label } from "../shared/terms.js";
import { entryText } from "../shared/record/entry_words.js";
import { refused, setAside, waiting } from "./queue_rules.js";

const SHOWN = 50; // two days without a network are thousands

const WORDS = {
  entry: ({ body }) => entryText(body),
  fact: ({ body }) => label("fact", body.fact),
  hold: ({ body }) => label("hold", body.what),
  emergency: () => gettext("Emergency"),
  ledger: ({ body }) => `${label("drug", body.drug)} ${body.amount} ${label("unit", body.unit)}`,
  patient: () => gettext("Patient"),
  file: ({ file }) => file.name,
};
const what = (job) => WORDS[job.kind]?.(job) ?? gettext("Handover");

/** An entry can be put right where it stands: its value is what was refused most often. */
function refusedRow(job, act) {
  const fix = (event) => {
    event.preventDefault();
    const value = new FormData(event.target).get("value");
    act.mend(job, value === null ? {} : { body: { ...job.body, value } });
  };
  return html`<form class="notice bad refused" @submit=${fix}><p><b>${what(job)}</b> <time data-at=${job.at ?? ""}></time></p><p>${job.refused}</p>
    ${job.kind === "entry" ? html`<label>${gettext("Value")}<input class="input" name="value" .value=${job.body.value ?? ""}></label>` : ""}
    <span class="refused-acts"><button class="button primary" data-act="again">${gettext("Send again")}</button>
    ${job.aside ? "" : html`<button type="button" class="button" data-act="aside" @click=${() => act.mend(job, { aside: true })}>${gettext("Set aside")}</button>`}
    <button type="button" class="button" data-act="remove" @click=${() => act.drop(job)}>${gettext("Remove")}</button></span></form>`;
}

const part = (title, rows) => (rows.length ? html`<h3>${title}</h3>${rows}` : "");

export function queueView(state, act) {
  const left = waiting(state.jobs);
  const row = (job) => html`<li><span>${what(job)}</span> <time data-at=${job.at ?? ""}></time></li>`;
  return html`<p>${gettext("Last sent")}: ${state.synced_at ? html`<time data-at=${state.synced_at}></time> · <time data-age=${state.synced_at}></time>` : gettext("never")}
      ${left.length ? html`<button type="button" class="button" data-act="send" @click=${act.send}>${gettext("Send now")}</button>` : ""}</p>
    ${part(gettext("Not accepted by the server"), refused(state.jobs).map((job) => refusedRow(job, act)))}
    ${part(interpolate(ngettext("%(count)s waits to be sent", "%(count)s wait to be sent", left.length), { count: left.length }, true), left.length ? [html`<ol class="queue-list">${left.slice(0, SHOWN).map(row)}</ol>${left.length > SHOWN ? html`<p class="faint">${interpolate(gettext("The oldest %(count)s are shown."), { count: SHOWN }, true)}</p>` : ""}`] : [])}
    ${part(gettext("Set aside"), setAside(state.jobs).map((job) => refusedRow(job, act)))}
    ${state.jobs.some((job) => !job.sent) ? "" : html`<p class="empty">${gettext("Everything was sent.")}</p>`}`;
}
