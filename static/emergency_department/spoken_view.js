// The spoken handover (ATMIST or ISBAR) as text, fetched when somebody opens it.

import { html } from "/static/vendor/lit-html/lit-html.js";

const chinese = () => document.documentElement.lang.startsWith("zh");

const SOURCES = {
  crew: () => gettext("crew"),
  tablet: () => gettext("crew"),
  vehicle: () => gettext("vehicle"),
  device: () => gettext("device"),
  dispatch: () => gettext("dispatch"),
  document: () => gettext("document"),
  clock: () => gettext("clock"),
};

function itemView(item) {
  const [label, words] = chinese() ? [item.label_zh, item.zh] : [item.label_en, item.en];
  const isTime = /^\d{4}-\d\d-\d\dT/.test(words);
  return html`<li><span class="faint">${label}</span> <b>${isTime ? html`<time data-at=${words}></time>` : words}</b>
    <span class="faint small">${item.at && !isTime ? html`<time data-at=${item.at}></time> ` : ""}${SOURCES[item.source]?.() ?? item.source}</span>
    ${item.doubtful ? html`<span class="chip warn">${gettext("in doubt")}</span>` : ""}</li>`;
}

function schemeView(missionId, said, act) {
  const name = said.scheme ?? said.suggested;
  return html`<p class="schemes">
      ${["atmist", "isbar"].map((one) => html`<button type="button" class="button small" aria-pressed=${one === name} @click=${() => act.speakAs(missionId, one)}>${one.toUpperCase()}</button>`)}
      <button type="button" class="button small" @click=${() => act.spoken(missionId)}>${gettext("Refresh")}</button>
    </p>
    <dl>${said[name].sections.map((section) => html`<dt><b>${section.letter}</b> ${chinese() ? section.zh : section.en}</dt>
      <dd><ul>${section.items.length ? section.items.map(itemView) : html`<li class="faint">–</li>`}</ul></dd>`)}</dl>`;
}

/** A closed part of the card; what is in it is the record's, never the screen's own words. */
export function spokenView(missionId, state, act) {
  const said = state.spoken?.[missionId];
  const opened = (event) => {
    if (event.target.open && !said) act.spoken(missionId);
  };
  return html`<details class="spoken" @toggle=${opened}>
    <summary>${gettext("Handover text")}</summary>
    ${said ? schemeView(missionId, said, act) : html`<p class="faint">${gettext("Loading…")}</p>`}
  </details>`;
}
