// The transfer sheet: how the patient is, what came along, and the crew's signature under it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { uuid } from "../../shared/api.js";
import { createPad } from "../../shared/sign_pad.js";
import { chinese, label, termsOf, wordOf } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { answers, panel, ready } from "./frame.js";
import { added, changed, fewer, sheetBody } from "./sheet_rules.js";

const THINGS = () => [gettext("ID card"), gettext("Insurance card"), gettext("Telephone"), gettext("Keys"), gettext("Clothes"), gettext("Shoes"), gettext("Glasses"), gettext("Dentures"), gettext("Hearing aid"), gettext("Own medicines"), gettext("Bag")];
const VALUABLES = () => [gettext("Wallet"), gettext("Cash"), gettext("Bank card"), gettext("Ring"), gettext("Necklace"), gettext("Watch")];
const KEEPERS = ["hospital", "patient", "relative", "police"];

let pad = null;

function thingRow(one, at, things, act) {
  const next = KEEPERS[(KEEPERS.indexOf(one.keeper) + 1) % KEEPERS.length];
  return html`<li class="thing" data-valuable=${one.valuable}>
    <b>${one.what}</b>${one.valuable ? html` <span class="chip warn">${gettext("valuable")}</span>` : ""}
    <span class="thing-count"><button type="button" class="button" aria-label=${gettext("One fewer")} @click=${() => act.change({ things: fewer(things, at) })}>−</button>
      <b class="number">${one.count}</b><button type="button" class="button" aria-label=${gettext("One more")} @click=${() => act.change({ things: changed(things, at, { count: one.count + 1 }) })}>+</button></span>
    <button type="button" class="button keeper" @click=${() => act.change({ things: changed(things, at, { keeper: next }) })}>${label("keeper", one.keeper)} ⟳</button>
  </li>`;
}

const tiles = (name, text, words, tap) => html`<fieldset class="answers" data-answers=${name}><legend>${text}</legend><div class="grid">
  ${words.map((word) => html`<button type="button" class="tile" @click=${() => tap(word)}>${word}</button>`)}</div></fieldset>`;

function thingsPart(things, act) {
  const more = (event) => {
    event.preventDefault();
    const { what } = event.target.elements;
    act.change({ things: added(things, what.value) });
    what.value = "";
  };
  return html`${things.length ? html`<ul class="things">${things.map((one, at) => thingRow(one, at, things, act))}</ul>` : html`<p class="faint">${gettext("Nothing came along, as far as it is written here.")}</p>`}
    ${tiles("valuables", gettext("Valuables"), VALUABLES(), (word) => act.change({ things: added(things, word, true) }))}
    ${tiles("things", gettext("Other things"), THINGS(), (word) => act.change({ things: added(things, word) }))}
    <form class="line-head" @submit=${more}><input class="input" name="what" maxlength="80" placeholder=${gettext("Something else")} aria-label=${gettext("Something else")}><button type="submit" class="button">${gettext("Add")}</button></form>`;
}

/** panel: {name: "handover", condition, condition_note, things, note, signed}. */
export function handoverPanel(state, mission, act) {
  const { condition = "", things = [], note = "", signed = false } = state.panel;
  pad ??= createPad((done) => act.change({ signed: done }));
  const under = state.reference.forms?.statements.transfer_of_care;
  const close = () => {
    pad = null;
    act.close();
  };
  const sign = () => {
    const version = under ? `transfer_of_care ${under.version} ${chinese() ? "zh" : "en"}` : "";
    act.signHandover(mission, sheetBody(state.panel), { id: uuid(), image: pad.path(), statement_version: version, occurred_at: nowIso() });
    close();
  };
  const without = () => {
    act.give(mission);
    close();
  };
  return panel("handover", gettext("Handover"), html`<div class="sign" data-wide>
    <div>${answers("condition", gettext("The patient at handover is"), termsOf("handover_condition"), condition, (code) => act.change({ condition: code }))}
      <label class="field"><span>${gettext("To be known")}</span><input class="input" id="handover-note" maxlength="240" .value=${note} @change=${(event) => act.change({ note: event.target.value })}></label>
      ${thingsPart(things, act)}</div>
    <div class="sign-here">${under ? html`<blockquote class="statement">${wordOf(under)}</blockquote>` : ""}
      ${pad.view()}<p class="line-head"><span class="faint">${gettext("Signs for the crew: the person who is signed in")}</span><button type="button" class="button" data-act="clear" @click=${() => pad.clear()}>${gettext("Clear")}</button></p></div></div>`, act, {
    back: close,
    foot: html`${ready("sign-handover", gettext("Sign and hand over"), sign, { disabled: !signed || !condition })}
      <button type="button" class="button" data-act="without" @click=${without}>${gettext("Hand over, sign later")}</button>`,
  });
}
