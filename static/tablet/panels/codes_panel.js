// The official codes of an element: typed words or a code find them, one tap takes one.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { chinese, wordOf } from "../../shared/terms.js";
import { codeText, searchCodes } from "../code_rules.js";
import { elementOf } from "../reference.js";
import { panel } from "./frame.js";

/** The official codes of an element, [] where none are loaded. */
export const codesOf = (state, element) => state.reference.codeLists?.elements[element] ?? [];

/** What a record says: our own term where it is written as this very code, for doses and alerts know our terms. */
const said = ([value, , , , own]) => own || value;
const named = ([, en, zh]) => (chinese() && zh ? [zh, en] : [en, zh]);

/** The field and what it finds; `typed` is in the panel, so that a redraw keeps it. */
export function codeSearch(state, element, chosen, take, act) {
  const rows = codesOf(state, element);
  if (!rows.length) return "";
  const typed = state.panel.sought ?? "";
  const found = searchCodes(rows, typed);
  const version = Object.values(state.reference.codeLists.versions).toSorted().at(-1);
  return html`<section class="codes"><h2>${gettext("Official codes")} <small>NEMSIS${version ? ` ${version}` : ""}</small></h2>
    <input class="input" type="search" name="sought" autocomplete="off" .value=${typed} placeholder=${gettext("Name or code")} aria-label=${gettext("Name or code")} @input=${(event) => act.change({ sought: event.target.value })}>
    <div class="open-rows" data-list="codes">${found.map((row) => codeRow(row, chosen.includes(said(row)), take))}</div>
    ${found.length ? "" : html`<p class="empty">${gettext("No official code has these words.")}</p>`}
    ${found.length < rows.length && !typed ? html`<p class="faint">${interpolate(gettext("%(count)s codes in all: type to find the others."), { count: rows.length }, true)}</p>` : ""}</section>`;
}

function codeRow(row, isChosen, take) {
  const [first, second] = named(row);
  return html`<button type="button" class="open-row" data-code=${row[0]} aria-pressed=${isChosen} @click=${() => take(said(row))}>
    <span><b>${first}</b>${second ? html` <small>${second}</small>` : ""}</span><small>${row[3] ? `${row[3]} · ` : ""}${codeText(row[0])}</small></button>`;
}

/** panel: {name: "codes", element, sought, next}. `next`: what a chosen code opens, a panel that takes `{[field]: code}`. */
export function codesPanel(state, mission, act) {
  const { element, next, field } = state.panel;
  const known = elementOf(state, element);
  return panel("codes", known ? wordOf(known) : element, codeSearch(state, element, [], (code) => act.open(next, { [field]: code }), act), act);
}

/** A button to the official list, where there is one. */
export const codesButton = (state, element, text, open) => (codesOf(state, element).length ? html`<button type="button" class="button official" data-act="codes" data-element=${element} @click=${open}>${text}</button>` : "");
