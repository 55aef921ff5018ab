// What was done and given: one tap for what has no amount, a keypad for what has one.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { termsOf } from "../shared/terms.js";
import { grid } from "./grid_view.js";
import { optionsOf } from "./dose_view.js";
import { entriesOf, standing } from "./tablet_state.js";

function careGrid(table, state, mission, tap) {
  const entries = entriesOf(state, mission);
  const done = new Map(termsOf(table).map(([code]) => [code, standing(entries, `${table}.${code}`)]));
  const more = (code) => {
    const rows = done.get(code);
    if (!rows.length) return "";
    return html`<b><time data-at=${rows[0].occurred_at}></time>${rows.length > 1 ? ` ×${rows.length}` : ""}</b>`;
  };
  return grid(table, termsOf(table), (code) => done.get(code).length > 0, tap, more);
}

export const treatmentsView = (state, mission, act) =>
  careGrid("treatment", state, mission, (code) => {
    const element = `treatment.${code}`;
    if (optionsOf(element).units.length) act.set({ dose: { element, value: "" } });
    else act.entry(mission, element);
  });

export const drugsView = (state, mission, act) =>
  careGrid("drug", state, mission, (code) => act.set({ dose: { element: `drug.${code}`, value: "" } }));
