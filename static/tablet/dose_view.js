// An amount with unit and route, typed with gloves: big keys, the last amounts offered again.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label } from "../shared/terms.js";
import { entriesOf, standing } from "./tablet_state.js";
import { pressed } from "./keypad.js";

const options = JSON.parse(document.getElementById("entry-options")?.textContent ?? "{}");
const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", ".", "0", "⌫"];

/** {units, routes, doses} of an element such as drug.aspirin; doses are the usual amounts, when the table names them. */
export function optionsOf(element) {
  const [table, code] = element.split(".");
  return { units: [], routes: [], doses: [], ...options[table]?.[code] };
}

const picks = (name, text, table, codes, chosen, tap) => (codes.length ? html`<fieldset class="field"><span class="label">${text}</span>
  <span class="picks">${codes.map((code) => html`<button type="button" class="button pick-button" data-pick=${name} data-code=${code} aria-pressed=${code === chosen} @click=${() => tap(code)}>${label(table, code) || code}</button>`)}</span></fieldset>` : "");

function earlier(state, mission, element) {
  const seen = new Map(standing(entriesOf(state, mission), element).filter((row) => row.value).map((row) => [`${row.value} ${row.unit} ${row.route}`, row]));
  return [...seen.values()].slice(0, 3).map(({ value, unit, route }) => ({ value, unit, route }));
}

export function doseView(state, mission, act) {
  const { element } = state.dose;
  const [table, code] = element.split(".");
  const { units, routes, doses } = optionsOf(element);
  const named = units.filter((unit) => unit !== "1");
  const dose = { unit: units[0] ?? "", route: routes[0] ?? "", ...state.dose };
  const change = (values) => act.set({ dose: { ...dose, ...values } });
  const isDrug = table === "drug";
  const empty = dose.value === "";
  const save = () => act.entry(mission, element, { value: dose.value, unit: empty ? "" : dose.unit, route: isDrug ? dose.route : "" });
  const quick = [...doses, ...earlier(state, mission, element)];
  return html`<section class="dose" aria-label=${label(table, code)}>
    <div class="dose-what">
      <h2>${label(table, code)}</h2>
      <output class="dose-value" id="dose">${empty ? "—" : dose.value} <small>${label("unit", dose.unit)}</small></output>
      ${quick.length ? html`<span class="picks">${quick.map((one) => html`<button type="button" class="button" data-pick="dose" @click=${() => change(one)}>${one.value} ${label("unit", one.unit ?? dose.unit)}</button>`)}</span>` : ""}
      ${named.length > 1 ? picks("unit", gettext("Unit"), "unit", named, dose.unit, (unit) => change({ unit })) : ""}
      ${picks("route", gettext("Route"), "route", isDrug ? routes : [], dose.route, (route) => change({ route }))}
    </div>
    <div class="keypad">${KEYS.map((key) => html`<button type="button" class="button" data-key=${key} @click=${() => change({ value: pressed(dose.value, key) })}>${key}</button>`)}</div>
    <div class="dose-foot">
      <button type="button" class="button primary next" id="save-dose" ?disabled=${empty && table !== "treatment"} @click=${save}>${isDrug ? gettext("Given now") : table === "treatment" ? gettext("Done now") : gettext("Measured now")}</button>
      <button type="button" class="button" data-act="back" @click=${() => act.set({ dose: null })}>${gettext("Back")}</button>
    </div>
  </section>`;
}
