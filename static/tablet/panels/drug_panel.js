// One drug: the dose worked out, what speaks against it, read back and checked by a second person, given.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, me, nameOf, namesOf, termsOf, wordOf } from "../../shared/terms.js";
import { now_ms, nowIso } from "../../shared/time.js";
import { cautions, dose, needsSecondPerson, weightByAge } from "../dosing_rules.js";
import { optionsOf } from "../dose_view.js";
import { entry, group } from "../../shared/record/entries.js";
import { valueText } from "../../shared/record/entry_words.js";
import { elementOf } from "../reference.js";
import { keysView } from "../keys_view.js";
import { patientOf, placesOf, unitOf } from "../tablet_state.js";
import { givenOf, known } from "./drug_rules.js";
import { isChecked, uncheckedText } from "../sources.js";
import { answers, panel, ready } from "./frame.js";

const ADULT_YEARS = 18;
const CHILD_YEARS = 5; // where only "a child" is known; its dose goes by weight
const AGAINST = {
  too_soon: () => gettext("Too soon after the last dose"),
  too_much: () => gettext("More than the maximum of all doses"),
  too_often: () => gettext("The protocol has no further dose"),
  allergy: () => gettext("ALLERGY is recorded"),
  never_with: () => gettext("Never with a drug that the patient takes"),
  out_of_bounds: () => gettext("Vital signs speak against it"),
};
const REFUSED = {
  no_age: () => gettext("Adult or child?"),
  no_weight: () => gettext("A dose by weight needs a weight."),
  not_for_age: () => gettext("The formulary has no dose for this age."),
};

/** panel: {name: "drug", code, use, typed, unit, route, checked, weighed}. */
export function drugPanel(state, mission, act) {
  const here = considered(state, mission);
  return panel("drug", label("drug", here.code), html`${here.options.ask ? html`<p class="notice warn">${gettext("Not in the formulary: neither dose nor allergies nor interactions are checked.")}</p>` : ""}${usesView(here, act)}${doseView(here, act)}${againstView(here, act)}${secondView(here, act)}${byHandView(here, act)}${sourceView(here)}`, act, {
    foot: ready("save-dose", gettext("Given now"), () => give(here, act), { disabled: !isReady(here) }),
  });
}

/** Everything that the panel shows, from the record and the formulary. */
function considered(state, mission) {
  const open = state.panel;
  const { code } = open;
  const { formulary } = state.reference;
  const drug = formulary?.drug[code] ?? null;
  const places = placesOf(state, mission);
  const record = known(places, valueText);
  const said = patientOf(state, mission)?.age_years ?? state.board.collections.incidents?.[mission.incident_id]?.patient_age_years ?? null;
  const who = state.assumed[mission.id];
  const age_years = who === "child" ? Math.min(said ?? CHILD_YEARS, ADULT_YEARS - 1) : who === "adult" ? Math.max(said ?? ADULT_YEARS, ADULT_YEARS) : said;
  const use = drug?.uses[open.use ?? 0] ?? null;
  const given = drug ? givenOf(places, code, drug.unit, now_ms()) : [];
  const found = use ? dose(drug, use, { age_years, weight_kg: record.weight_kg, before: given.length }) : null;
  const options = drug ? optionsOf(`drug.${code}`) : ofNoFormulary(state, code);
  const unit = open.unit ?? drug?.unit ?? (options.ask ? "" : options.units[0] ?? "");
  const route = open.route ?? use?.routes[0] ?? (options.ask ? "" : options.routes[0] ?? "");
  const value = open.typed || (found && !found.refused ? String(found.value) : "");
  const measured = { value: Number(value), unit, total: found?.refused ? use.total : found?.total };
  const against = use && value && unit === drug.unit ? cautions(drug, use, measured, { given, ...record }) : [];
  const above = Boolean(open.typed && found && !found.refused && unit === drug.unit && Number(open.typed) > found.value);
  const second = drug ? needsSecondPerson(drug, age_years) : false;
  return { ...open, state, mission, formulary, drug, use, age_years, said, given, found, unit, route, value, against, above, second, record, options, crew: (unitOf(state)?.crew ?? []).filter((one) => one.name_en !== me().name_en) };
}

/** A drug of the official list alone: every unit and route may be meant, so that none is chosen beforehand. */
function ofNoFormulary(state, code) {
  if (!code.includes(":")) return optionsOf(`drug.${code}`);
  const dose = elementOf(state, "medication.dose");
  return { units: Object.keys(dose?.units ?? {}), routes: termsOf("route").map(([one]) => one), ask: true };
}

const isReady = (here) => Boolean(here.value) && (!here.options.ask || Boolean(here.unit && here.route)) && (!(here.against.length || here.above) || here.weighed) && (!here.second || here.checked);

const usesView = ({ drug, use }, act) => (drug && drug.uses.length > 1 ? answers("use", gettext("For"), drug.uses.map((one, place) => [String(place), wordOf(one)]), String(drug.uses.indexOf(use)), (place) => act.change({ use: Number(place), typed: "", route: undefined, weighed: false, checked: "" })) : "");

function doseView(here, act) {
  const { drug, use, found, value, unit, route, options } = here;
  const routes = use ? use.routes : options.routes;
  const volume = !here.typed && found?.volume_mL ? `${found.volume_mL} ${label("unit", "mL")} · ${wordOf(drug.vials[use.vial ?? 0])}` : "";
  return html`<output class="dose-value" id="dose">${value || "—"} <small>${label("unit", unit)} ${label("route", route)}</small>${volume ? html`<small class="volume">${volume}</small>` : ""}</output>
    ${found?.refused && !here.typed ? refusedView(here, act) : ""}
    ${routes.length > 1 ? answers("route", gettext("Route"), routes.map((one) => [one, label("route", one)]), route, (one) => act.change({ route: one })) : ""}`;
}

/** What is missing for a dose, and the shortest way to it. */
function refusedView(here, act) {
  const { found, age_years, said, formulary, state } = here;
  const weigh = () => act.set({ panel: { name: "element", element: "body.weight", group: null, then: state.panel } });
  const estimate = said === null || age_years >= ADULT_YEARS ? null : weightByAge(formulary.weight.bands, said);
  return html`<p class="notice warn">${REFUSED[found.refused]()}</p><div class="picks">
    ${found.refused === "no_age" ? html`<button type="button" class="button" data-who="adult" @click=${() => act.assume(here.mission, "adult")}>${gettext("Adult")}</button><button type="button" class="button" data-who="child" @click=${() => act.assume(here.mission, "child")}>${gettext("Child")}</button>` : ""}
    ${found.refused === "no_weight" ? html`<button type="button" class="button" data-act="weigh" @click=${weigh}>${gettext("Enter the weight")}</button>
      ${estimate ? html`<button type="button" class="button" data-act="estimate" title=${formulary.weight.source} @click=${() => act.write(here.mission, [entry("body.weight", String(estimate), nowIso(), { unit: "kg" }), entry("body.weight_estimated", "yes", nowIso())])}>${interpolate(gettext("%(kg)s kg by age"), { kg: estimate }, true)}</button>` : ""}` : ""}</div>`;
}

function againstView({ against, above, weighed }, act) {
  const lines = [...against.map((code) => AGAINST[code]()), ...(above ? [gettext("Above the dose of the formulary")] : [])];
  if (!lines.length) return "";
  return html`<div class="notice bad" role="alert"><ul>${lines.map((text) => html`<li>${text}</li>`)}</ul>
    <button type="button" class="button" data-act="weighed" aria-pressed=${Boolean(weighed)} @click=${() => act.change({ weighed: !weighed })}>${gettext("Weighed: give it all the same")}</button></div>`;
}

/** Read back aloud what the screen says; a second person confirms by name. */
function secondView({ second, checked, crew, code, value, unit, route }, act) {
  if (!second || !value) return "";
  const people = crew.length ? crew.map((one) => [namesOf(one), nameOf(one)]) : [[gettext("Second person"), gettext("Second person")]];
  return html`<div class="read-back"><p>${gettext("Read back:")} <b>${label("drug", code)} ${value} ${label("unit", unit)} ${label("route", route)}</b></p>
    ${answers("checked", gettext("Read back and checked by"), people, checked, (name) => act.change({ checked: name }))}</div>`;
}

const byHandView = (here, act) => {
  const { typed = "", options, unit, drug } = here;
  const units = options.units.filter((one) => one !== "1");
  const keys = html`${units.length > 1 ? answers("unit", gettext("Unit"), units.map((one) => [one, label("unit", one)]), unit, (one) => act.change({ unit: one })) : ""}${keysView(typed, (next) => act.change({ typed: next, weighed: false }))}`;
  return drug ? html`<details class="all"><summary>${gettext("Another amount")}</summary>${keys}</details>` : keys;
};

const sourceView = ({ drug, use, formulary, given }) => html`${given.length ? html`<p class="faint">${gettext("Given before:")} ${given.map((one) => `${one.value} (${Math.round(one.ago_s / 60)} min)`).join(", ")}</p>` : ""}
  ${use ? html`<p class="source">${[use.source, isChecked(use) ? "" : uncheckedText(), isChecked(drug) ? "" : gettext("Source of its limits not checked"), formulary.signed.by ? "" : gettext("Not signed by a medical director yet")].filter(Boolean).join(" · ")}</p>` : ""}`;

/** One group; a caution that was overruled is told in words beside it. */
function give(here, act) {
  const at = nowIso();
  const { mission, code, drug, value, unit, route, use, found, checked, against, above, typed } = here;
  const rows = group({
    "medication.drug": code,
    "medication.dose": { value, unit },
    "medication.route": route,
    "medication.volume": !typed && found?.volume_mL ? { value: String(found.volume_mL), unit: "mL" } : undefined,
    "medication.indication": use ? `${code}.${use.id}` : undefined,
    "medication.checked_by": checked,
    "medication.authorisation": use ? "protocol" : undefined,
  }, at);
  const overruled = [...against.map((one) => AGAINST[one]()), ...(above ? [gettext("Above the dose of the formulary")] : [])];
  const note = overruled.length ? [entry("narrative.note", `${label("drug", code)}: ${overruled.join("; ")}. ${gettext("Weighed and given.")}`, at)] : [];
  act.write(mission, [...rows, ...note]);
  if (drug?.controlled && unit === drug.unit) act.moveDrug(unitOf(here.state), { drug: code, kind: "given", amount: value, unit, entry_id: rows[0].id, witness: checked ?? "" });
  act.close();
}
