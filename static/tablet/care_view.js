// What was done and given: one tap for what needs no more words, a panel for what does.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { termsOf } from "../shared/terms.js";
import { nowIso } from "../shared/time.js";
import { group } from "../shared/record/entries.js";
import { grid } from "./grid_view.js";
import { codesButton } from "./panels/codes_panel.js";
import { needsPanel, saidOf } from "./panels/procedure_panel.js";
import { placesOf } from "./tablet_state.js";

/** code → the places that say it was done, newest last; also in the words of the first records. */
function doneOf(places, element, table) {
  const found = new Map();
  for (const place of places) {
    const [head] = place.heads;
    const code = place.element === element ? head.value : place.element.startsWith(`${table}.`) ? place.element.slice(table.length + 1) : null;
    if (code && !head.not_value && !head.pertinent_negative) found.set(code, [...(found.get(code) ?? []), head]);
  }
  return found;
}

function careGrid(table, element, rows, state, mission, tap) {
  const done = doneOf(placesOf(state, mission), element, table);
  const more = (code) => {
    const heads = done.get(code);
    return heads ? html`<b><time data-at=${heads.at(-1).occurred_at}></time>${heads.length > 1 ? ` ×${heads.length}` : ""}</b>` : "";
  };
  return grid(table, rows, (code) => done.has(code), tap, more);
}

const official = (state, act, element, next, field) => codesButton(state, element, gettext("Official list…"), () => act.open("codes", { element, next, field }));

export const treatmentsView = (state, mission, act) =>
  html`${careGrid("treatment", "procedure.kind", termsOf("treatment"), state, mission, (kind) => {
    if (needsPanel(kind)) act.open("procedure", { kind });
    else act.write(mission, group(saidOf({ kind }), nowIso()));
  })}${official(state, act, "procedure.kind", "procedure", "kind")}`;

export const drugsView = (state, mission, act) => html`${careGrid("drug", "medication.drug", termsOf("drug"), state, mission, (code) => act.open("drug", { code }))}${official(state, act, "medication.drug", "drug", "code")}`;
