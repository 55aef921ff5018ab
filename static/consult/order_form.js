// Writing an order: a drug with its dose worked out from the record, a procedure, or words. The server checks it again.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { valueText } from "../shared/record/entry_words.js";
import { label, termsOf, wordOf } from "../shared/terms.js";
import { now_ms } from "../shared/time.js";
import { dose } from "../tablet/dosing_rules.js";
import { givenOf, known } from "../tablet/panels/drug_rules.js";

const KINDS = { drug: () => gettext("Drug"), procedure: () => gettext("Procedure"), text: () => gettext("In words") };
const WHY_NOT = {
  no_age: () => gettext("No age is recorded: the dose is yours to say."),
  no_weight: () => gettext("A dose by weight needs a weight: the dose is yours to say."),
  not_for_age: () => gettext("The formulary has no dose for this age."),
};

/** What the form shows for its drug: formulary, record, and the next dose by both. */
export function considered(draft, found, reference) {
  const drug = reference.formulary?.drug[draft.drug] ?? null;
  const use = drug?.uses.find((one) => one.id === draft.use) ?? drug?.uses[0] ?? null;
  const record = known(found.places, valueText);
  const age_years = found.patient?.age_years ?? found.consult.patient_age_years ?? null;
  const given = drug ? givenOf(found.places, draft.drug, drug.unit, now_ms()) : [];
  const next = use ? dose(drug, use, { age_years, weight_kg: record.weight_kg, before: given.length }) : null;
  const worked = next && !next.refused ? String(next.value) : "";
  return { drug, use, next, given, dose: draft.dose ?? worked, unit: draft.unit ?? drug?.unit ?? "mg", route: draft.route ?? use?.routes[0] ?? "", weight_kg: record.weight_kg, age_years };
}

export function contentOf(draft, here) {
  const note = draft.note?.trim() ?? "";
  if (draft.kind === "drug") return { drug: draft.drug ?? "", use: here.use?.id ?? "", dose: here.dose, unit: here.unit, route: here.route, note };
  return draft.kind === "procedure" ? { procedure: draft.procedure ?? "", note } : { text: draft.text?.trim() ?? "" };
}

const ready = (draft, here) => (draft.kind === "drug" ? draft.drug && here.dose && here.route : draft.kind === "procedure" ? draft.procedure : draft.text?.trim());

/** act: {draft(values), order(content, weighed)}. */
export function orderForm(state, found, act) {
  const { draft } = state;
  const here = considered(draft, found, state.reference);
  const body = { drug: drugFields, procedure: procedureFields, text: textFields }[draft.kind](draft, here, act);
  const submit = (event) => {
    event.preventDefault();
    if (ready(draft, here)) act.order(contentOf(draft, here), Boolean(draft.cautions));
  };
  return html`<form class="order-form" @submit=${submit}>
    <div class="choice" role="group" aria-label=${gettext("Order")}>${Object.entries(KINDS).map(([kind, text]) => html`<button type="button" data-kind=${kind} aria-pressed=${draft.kind === kind} @click=${() => act.draft({ kind, cautions: null })}>${text()}</button>`)}</div>
    ${body}
    ${draft.cautions ? html`<div class="notice bad" role="alert" data-cautions><ul>${draft.cautions.map((code) => html`<li>${label("order_caution", code)}</li>`)}</ul></div>` : ""}
    <button type="submit" class="button ${draft.cautions ? "danger" : "primary"} wide" data-act="order" ?disabled=${!ready(draft, here)}>${draft.cautions ? gettext("Weighed: order all the same") : gettext("Order")}</button>
  </form>`;
}

const changed = (act, values) => act.draft({ cautions: null, ...values });
const select = (name, text, rows, chosen, change) => html`<label class="field"><span class="label">${text}</span><select class="input" name=${name} @change=${(event) => change(event.target.value)}><option value="" ?selected=${!chosen}></option>${rows.map(([code, words]) => html`<option value=${code} ?selected=${code === chosen}>${words}</option>`)}</select></label>`;

function drugFields(draft, here, act) {
  const { drug, use, next, given } = here;
  return html`${select("drug", gettext("Drug"), termsOf("drug"), draft.drug, (code) => changed(act, { drug: code, use: undefined, dose: undefined, unit: undefined, route: undefined }))}
    ${drug && drug.uses.length > 1 ? select("use", gettext("For"), drug.uses.map((one) => [one.id, wordOf(one)]), use?.id, (id) => changed(act, { use: id, dose: undefined, route: undefined })) : ""}
    <div class="order-dose">
      <label class="field"><span class="label">${gettext("Dose")}</span><input class="input" name="dose" inputmode="decimal" .value=${here.dose} @input=${(event) => changed(act, { dose: event.target.value.replace(",", ".") })}></label>
      <label class="field"><span class="label">${gettext("Unit")}</span><input class="input" name="unit" .value=${here.unit} ?readonly=${Boolean(drug)} @input=${(event) => changed(act, { unit: event.target.value })}></label>
      ${select("route", gettext("Route"), (use?.routes.map((one) => [one, label("route", one)])) ?? termsOf("route"), here.route, (code) => changed(act, { route: code }))}
    </div>
    <p class="faint small" data-worked>${next?.refused ? WHY_NOT[next.refused]?.() : next ? interpolate(gettext("Formulary: %(dose)s %(unit)s"), { dose: next.value, unit: label("unit", next.unit) }, true) : draft.drug ? gettext("Not in the formulary") : ""}
      ${given.length ? interpolate(gettext("given before: %(count)s"), { count: given.length }, true) : ""} ${here.weight_kg ? `${here.weight_kg} kg` : ""} ${use?.source ?? ""}</p>
    ${noteField(draft, act)}`;
}

const procedureFields = (draft, _here, act) => html`${select("procedure", gettext("Procedure"), termsOf("treatment"), draft.procedure, (code) => changed(act, { procedure: code }))}${noteField(draft, act)}`;
const textFields = (draft, _here, act) => html`<label class="field"><span class="label">${gettext("What is to be done")}</span><textarea class="input" name="text" rows="3" maxlength="500" .value=${draft.text ?? ""} @input=${(event) => changed(act, { text: event.target.value })}></textarea></label>`;
const noteField = (draft, act) => html`<label class="field"><span class="label">${gettext("Note")}</span><input class="input" name="note" maxlength="500" .value=${draft.note ?? ""} @input=${(event) => act.draft({ note: event.target.value })}></label>`;
