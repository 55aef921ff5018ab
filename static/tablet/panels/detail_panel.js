// One row of the time line: all that stands of it, who said so, what was said before; corrections and conflicts.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { nameOf } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { correction, withdrawal } from "../../shared/record/entries.js";
import { elementText, rowWords, valueText } from "../../shared/record/entry_words.js";
import { earlierOf, rowsOf } from "../../shared/record/line_rules.js";
import { soundOfRow } from "../../shared/record/media_view.js";
import { elementOf } from "../reference.js";
import { entriesOf, placesOf } from "../tablet_state.js";
import { panel } from "./frame.js";

const LONG = 80; // a drawing or a photograph is no word to be read

/** panel: {name: "detail", key}. */
export function detailPanel(state, mission, act) {
  const row = rowsOf(placesOf(state, mission)).find((one) => one.key === state.panel.key);
  if (!row) return panel("detail", gettext("Details"), html`<p class="empty">${gettext("Taken back.")}</p>`, act);
  const { kind, thing } = rowWords(row, state.reference);
  const away = () => {
    act.write(mission, row.places.map((place) => withdrawal(place, nowIso())));
    act.close();
  };
  const earlier = earlierOf(row, entriesOf(state, mission));
  return panel("detail", [kind, thing].filter(Boolean).join(" · "), html`
    <dl class="said-list">${row.places.map((place) => placeView(place, state, mission, act))}</dl>
    ${soundOfRow(row)}${earlier.length ? html`<details><summary>${interpolate(gettext("Earlier versions (%(count)s)"), { count: earlier.length }, true)}</summary>
      <ul>${earlier.map((one) => html`<li><time data-at=${one.occurred_at}></time> ${elementText(one.element, state.reference)} <s>${short(valueText(one, elementOf(state, one.element)))}</s> ${nameOf(one.author)}</li>`)}</ul></details>` : ""}`, act, {
    foot: html`<button type="button" class="button" data-act="voice" @click=${() => act.set({ panel: { name: "voice", about: row.places[0].element, aboutWords: [kind, thing].filter(Boolean).join(" · "), then: state.panel } })}>${gettext("Voice note")}</button><button type="button" class="button" data-act="withdraw" @click=${away}>${gettext("Entered in error")}</button>`,
  });
}

const short = (text) => (text.length > LONG ? `${text.slice(0, LONG)}…` : text);

function placeView(place, state, mission, act) {
  const known = elementOf(state, place.element);
  const edit = () => act.set({ panel: { name: "element", element: place.element, group: place.group, then: state.panel } });
  const keep = (head) => act.write(mission, [correction(place, head.value, nowIso(), { unit: head.unit, route: head.route, not_value: head.not_value, pertinent_negative: head.pertinent_negative, source: head.source ?? "crew" })]);
  return html`<div class=${place.conflict ? "conflict" : ""}><dt>${elementText(place.element, state.reference)}</dt>
    ${place.heads.map((head) => html`<dd>${head.element === "signature.image" ? html`<svg class="signature" viewBox="0 0 600 200"><path d=${head.value}></path></svg>` : html`<b>${short(valueText(head, known))}</b>`}
      <small>${nameOf(head.author)} <time data-at=${head.occurred_at}></time></small>
      ${(head.problems ?? []).map((problem) => html`<span class="chip warn">${problem.text}</span>`)}
      ${place.conflict ? html`<button type="button" class="button" data-act="keep" @click=${() => keep(head)}>${gettext("This is right")}</button>` : ""}</dd>`)}
    ${known && !place.conflict ? html`<button type="button" class="button" data-act="amend" data-element=${place.element} @click=${edit}>${gettext("Correct")}</button>` : ""}</div>`;
}
