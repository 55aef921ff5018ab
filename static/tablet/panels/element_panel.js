// Any element of the catalogue, written by taps: tiles for codes, keys for numbers, now for times; or why there is no value.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, termsOf, wordOf } from "../../shared/terms.js";
import { fieldOf, instantOf } from "../../shared/centre_time.js";
import { centreZone, nowIso } from "../../shared/time.js";
import { correction, entry, withdrawal } from "../../shared/record/entries.js";
import { valueText } from "../../shared/record/entry_words.js";
import { elementOf } from "../reference.js";
import { keysView } from "../keys_view.js";
import { placesOf } from "../tablet_state.js";
import { codeSearch } from "./codes_panel.js";
import { answers, panel, ready } from "./frame.js";

const findPlace = (state, mission, element, group) => placesOf(state, mission).find((place) => place.element === element && place.group === (group ?? null)) ?? null;

/** The statement of a value: it replaces every head where the element stands once. */
export function statement(state, mission, code, group, value, more = {}) {
  const known = elementOf(state, code);
  const place = known?.many ? null : findPlace(state, mission, code, group);
  const at = nowIso();
  return place ? correction(place, value, at, more) : entry(code, value, at, { ...more, group: group ?? null });
}

/** panel: {name: "element", element, group, typed, unit, then}. `then`: the panel to go back to. */
export function elementPanel(state, mission, act) {
  const { element: code, group = null, then = null } = state.panel;
  const known = elementOf(state, code);
  const back = () => act.set({ panel: then });
  const save = (value, more = {}) => {
    act.write(mission, [statement(state, mission, code, group, value, more)]);
    if (!known?.many || more.not_value || more.pertinent_negative) back();
  };
  const place = findPlace(state, mission, code, group);
  const body = known ? html`${saidView(place, known, mission, act)}${inputOf(state, known, place, save, act)}${reasonsView(known, place, save)}` : html`<p class="empty">${gettext("Unknown element")} ${code}</p>`;
  return panel("element", known ? wordOf(known) : code, body, act, { back });
}

/** What stands, each version beside the other; a tap settles it. */
function saidView(place, known, mission, act) {
  if (!place) return "";
  const keep = (head) => act.write(mission, [correction(place, head.value, nowIso(), { unit: head.unit, route: head.route, not_value: head.not_value, pertinent_negative: head.pertinent_negative, source: head.source ?? "crew" })]);
  return html`<div class="stands">${place.heads.map((head) => html`<p class="stands-head"><b>${valueText(head, known)}</b> <time data-at=${head.occurred_at}></time>
    ${place.conflict ? html`<button type="button" class="button" data-act="keep" @click=${() => keep(head)}>${gettext("This is right")}</button>` : ""}</p>`)}
    <button type="button" class="button" data-act="withdraw" @click=${() => act.write(mission, [withdrawal(place, nowIso())])}>${gettext("Entered in error")}</button></div>`;
}

const INPUTS = { code: codeInput, number: numberInput, time: timeInput };

const inputOf = (state, known, place, save, act) => (INPUTS[known.type] ?? textInput)(state, known, place, save, act);

function codeInput(state, known, place, save, act) {
  const chosen = place?.heads.map((head) => head.value) ?? [];
  return html`${answers("value", gettext("Choose"), termsOf(known.table), chosen, (code) => save(code))}${known.open ? textInput(state, known, null, save, act) : ""}${codeSearch(state, state.panel.element, chosen, save, act)}`;
}

function numberInput(state, known, place, save, act) {
  const units = Object.keys(known.units);
  const unit = state.panel.unit ?? place?.heads[0].unit ?? units[0] ?? "";
  const typed = state.panel.typed ?? "";
  return html`<div class="typed"><output class="dose-value">${typed || "—"} <small>${label("unit", unit)}</small></output>
    ${units.length > 1 ? answers("unit", gettext("Unit"), units.map((one) => [one, label("unit", one) || one]), unit, (one) => act.change({ unit: one })) : ""}
    ${keysView(typed, (text) => act.change({ typed: text }))}
    ${ready("save-element", gettext("Save"), () => save(typed, { unit }), { disabled: !typed })}</div>`;
}

function timeInput(state, known, place, save) {
  const chosen = (event) => {
    const at = instantOf(event.target.value, centreZone());
    if (at) save(at);
  };
  return html`<div class="typed">${ready("save-element", gettext("Now"), () => save(nowIso()))}<label class="field"><span>${gettext("Another time")}</span><input class="input" type="datetime-local" .value=${fieldOf(nowIso(), centreZone()).slice(0, 16)} @change=${chosen}></label></div>`;
}

function textInput(state, known, place, save) {
  const submit = (event) => {
    event.preventDefault();
    const { words } = event.target.elements;
    if (words.value.trim()) save(words.value.trim());
    event.target.reset();
  };
  return html`<form class="text-form" @submit=${submit}><input class="input" name="words" maxlength=${known.longest ?? 200} aria-label=${wordOf(known)}><button type="submit" class="button primary">${gettext("Save")}</button></form>`;
}

/** Why there is no value, in the words of the standard. */
function reasonsView(known, place, save) {
  const head = place?.heads[0];
  const rows = (name, table, codes) => codes?.length ? answers(name, name === "not_value" ? gettext("No value, because") : gettext("Not found or not done"), codes.map((code) => [code, label(table, code)]), head?.[name], (code) => save("", { [name]: code })) : "";
  return html`${rows("pertinent_negative", "pertinent_negative", known.pn)}${rows("not_value", "not_value", known.nv)}`;
}
