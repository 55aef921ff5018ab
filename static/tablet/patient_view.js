// Who the patient is, or that nobody knows: one tap.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { termsOf } from "../shared/terms.js";
import { patientOf } from "./tablet_state.js";

const FIELDS = ["name", "sex", "age_years", "id_type", "id_number", "phone"];

function identity(form, { birth_date = null }, unknown) {
  const given = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]?.value.trim() ?? ""]));
  const age = given.age_years === "" ? null : Number(given.age_years);
  return {
    ...given,
    sex: given.sex || "unknown",
    age_years: age,
    id_type: given.id_number ? given.id_type || "resident_card" : "",
    birth_date,
    unknown,
    ...(unknown ? { name: "", id_number: "", id_type: "" } : {}),
  };
}

function whoView(patient) {
  if (!patient.id && !patient.waiting) return html`<p class="who-line faint">${gettext("Nothing entered yet")}</p>`;
  return html`<p class="who-line"><b>${patient.name || gettext("Unknown patient")}</b> <span class="number">${patient.temporary_number ?? ""}</span>
    ${patient.waiting ? html`<span class="chip warn">${gettext("waiting to send")}</span>` : html`<span class="chip ok">${gettext("stored")}</span>`}</p>`;
}

export function patientView(state, mission, act) {
  const patient = patientOf(state, mission) ?? {};
  const incident = state.board.collections.incidents?.[mission.incident_id] ?? {};
  const sex = patient.sex && patient.sex !== "unknown" ? patient.sex : incident.patient_sex ?? "unknown";
  const save = (event) => {
    event.preventDefault();
    act.patient(mission, identity(event.target, patient, false));
  };
  const unknown = (event) => act.patient(mission, identity(event.target.form, patient, true));
  return html`<form class="identity" @submit=${save} autocomplete="off">
    <div class="identity-head">${whoView(patient)}<span class="picks"><button type="button" class="button" id="unknown-patient" @click=${unknown}>${gettext("Unknown patient")}</button>
      <button type="button" class="button" id="known-patient" @click=${() => act.open("known")}>${gettext("Known? History…")}</button></span></div>
    <label class="field"><span>${gettext("Name")}</span><input class="input" name="name" .value=${patient.name ?? ""} maxlength="120"></label>
    <label class="field"><span>${gettext("Age")}</span><input class="input" name="age_years" inputmode="numeric" type="number" min="0" max="130" .value=${String(patient.age_years ?? incident.patient_age_years ?? "")}></label>
    <fieldset class="field wide"><span class="label">${gettext("Sex")}</span>
      <span class="picks">${termsOf("sex").map(([code, text]) => html`<label class="pick"><input type="radio" name="sex" value=${code} ?checked=${code === sex}><span>${text}</span></label>`)}</span>
    </fieldset>
    <label class="field"><span>${gettext("Document")}</span><select class="input" name="id_type">${termsOf("id_type").map(([code, text]) => html`<option value=${code} ?selected=${code === (patient.id_type || "resident_card")}>${text}</option>`)}</select></label>
    <label class="field"><span>${gettext("Document number")}</span><input class="input" name="id_number" .value=${patient.id_number ?? ""} maxlength="40"></label>
    <label class="field"><span>${gettext("Telephone")}</span><input class="input" name="phone" inputmode="tel" .value=${patient.phone ?? ""} maxlength="30"></label>
    <div class="identity-save"><button type="submit" class="button primary wide" id="save-patient">${gettext("Save")}</button></div>
  </form>`;
}
