// The vehicle's controlled drugs: the book, and one move at a time with a witness. Works without a network: a move waits.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, me, nameOf, namesOf } from "../shared/terms.js";
import { keysView } from "./keys_view.js";
import { answers } from "./panels/frame.js";
import { unitOf } from "./tablet_state.js";

const KINDS = { counted: () => gettext("Counted"), received: () => gettext("Received"), wasted: () => gettext("Wasted"), returned: () => gettext("Returned") };

const controlled = (state) => Object.entries(state.reference.formulary?.drug ?? {}).filter(([, drug]) => drug.controlled);

/** state.ledger: {book, drug, kind, typed, witness, batch}. */
export function ledgerBody(state, act) {
  const open = state.ledger ?? {};
  const unit = unitOf(state);
  const change = (values) => act.set({ ledger: { ...open, ...values } });
  const others = (unit?.crew ?? []).filter((one) => one.name_en !== me().name_en).map((one) => [namesOf(one), nameOf(one)]);
  const drugs = controlled(state).map(([code]) => [code, label("drug", code)]);
  const measure = open.drug ? state.reference.formulary.drug[open.drug].unit : "";
  return html`${bookView(open.book)}
    ${answers("drug", gettext("Drug"), drugs, open.drug, (drug) => change({ drug, typed: "" }))}
    ${answers("kind", gettext("What is done?"), Object.entries(KINDS).map(([code, text]) => [code, text()]), open.kind ?? "counted", (kind) => change({ kind }))}
    <output class="dose-value">${open.typed || "—"} <small>${label("unit", measure)}</small></output>
    ${keysView(open.typed ?? "", (typed) => change({ typed }))}
    <label class="field"><span>${gettext("Batch")}</span><input class="input" maxlength="40" .value=${open.batch ?? ""} @change=${(event) => change({ batch: event.target.value })}></label>
    ${answers("witness", gettext("Witness"), others, open.witness, (witness) => change({ witness }))}
    ${others.length ? "" : html`<label class="field"><span>${gettext("Witness")}</span><input class="input" maxlength="80" @change=${(event) => change({ witness: event.target.value })}></label>`}`;
}

export const isMove = ({ drug, typed, witness } = {}) => Boolean(drug && typed && witness);

function bookView(book) {
  if (!book) return html`<p class="faint">${gettext("The book cannot be read without the server; moves are kept.")}</p>`;
  if (!book.balances.length) return html`<p class="faint">${gettext("Nothing in the book yet.")}</p>`;
  return html`<ul class="proposed">${book.balances.map((one) => html`<li data-drug=${one.drug}><span>${label("drug", one.drug)} <small>${one.batch}</small></span><b>${one.amount} ${label("unit", one.unit)}</b>
    ${one.mismatch ? html`<span class="chip bad">${gettext("does not agree")} ${one.found === null ? "" : one.found}</span>` : ""}</li>`)}</ul>`;
}
