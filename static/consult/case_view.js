// The patient of the consult: who, what, how far; what was found and given; the 12-lead ECGs.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { openEcg } from "../shared/ecg/ecg_viewer.js";
import { rowWords, valueText } from "../shared/record/entry_words.js";
import { rowsOf } from "../shared/record/line_rules.js";
import { label, nameOf, placeOf } from "../shared/terms.js";

const HISTORY = ["allergy", "history.allergy", "history.other_allergy"];
const MEDICINES = ["history.medication", "history.drug"];

const years = (age) => (age === null || age === undefined ? "" : interpolate(gettext("%(years)s years"), { years: age }, true));

// In between there is nothing to count down.
const TO_SCENE = ["assigned", "acknowledged", "en_route"];
const TO_HOSPITAL = ["on_board", "left_scene"];

function wayView({ mission, hospital }) {
  if (!mission) return "";
  const travels = TO_SCENE.includes(mission.state) ? gettext("at the scene in") : TO_HOSPITAL.includes(mission.state) ? gettext("at the hospital in") : "";
  const eta = travels && Number.isFinite(mission.eta_s) && !mission.eta_note;
  return html`<div class="case-way"><span class="status" data-status=${mission.state}>${label("mission_state", mission.state)}</span>
    ${hospital ? html`<span class="one-line">→ ${nameOf(hospital)}</span>` : ""}
    ${eta ? html`<span>${travels} <time data-countdown=${mission.eta_s} data-from=${mission.eta_computed_at}></time></span>` : ""}</div>`;
}

export function caseHead(found) {
  const { consult, incident, patient, mission, unit } = found;
  const sex = [patient?.sex, consult.patient_sex].find((one) => one && one !== "unknown");
  const who = [sex ? label("sex", sex) : "", years(patient?.age_years ?? consult.patient_age_years)].filter(Boolean).join(", ");
  return html`<header class="case-head">
    <span class="priority big" data-priority=${consult.priority}>${consult.priority}</span>
    <div><h2 class="one-line">${label("complaint", consult.complaint)} <small>${patient?.name || patient?.temporary_number || ""} ${who}</small></h2>
      <p class="one-line faint">${[consult.call_sign, placeOf(incident), consult.reason && `“${consult.reason}”`].filter(Boolean).join(" · ")}</p>
      <p class="case-links"><a href="/video/${consult.mission_id}/" target="_blank" rel="noopener">${gettext("All cameras")}</a>
        <a href="/hypermedia/${consult.mission_id}/" target="_blank" rel="noopener">${gettext("Hypermedia record")}</a>
        <a href="/consult/glasses/${consult.mission_id}/" target="_blank" rel="noopener">${gettext("Picture on a second screen")}</a></p></div>
    ${wayView({ ...found, unit, mission })}
  </header>`;
}

/** The newest first: a physician asks what happened last. */
export function recordView({ places, ecgs }, reference) {
  const rows = rowsOf(places).sort((a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at));
  const said = (elements) => places.filter((place) => elements.includes(place.element) && !place.heads[0].pertinent_negative);
  const [allergies, medicines] = [said(HISTORY), said(MEDICINES)];
  const words = (list) => list.map((place) => valueText(place.heads[0], reference.catalogue?.elements[place.element])).join("; ");
  const weight = places.findLast((place) => place.element === "body.weight");
  return html`<div class="record-lines">
    ${allergies.length ? html`<p class="allergy">${gettext("Allergy")}: <b>${words(allergies)}</b></p>` : html`<p class="faint">${gettext("No allergy recorded")}</p>`}
    ${medicines.length ? html`<p>${gettext("Takes")}: ${words(medicines)}</p>` : ""}
    <p>${gettext("Weight")}: <b>${weight ? valueText(weight.heads[0], reference.catalogue?.elements["body.weight"]) : "–"}</b></p>
    ${ecgs.length ? html`<div class="card-ecgs">${ecgs.map((row) => html`<button type="button" class="button small" data-ecg=${row.id} @click=${() => openEcg(row.id)}>${gettext("12-lead ECG")} <time data-at=${row.occurred_at}></time></button>`)}</div>` : ""}
    <ol class="line">${rows.map((row) => {
      const { kind, thing, more } = rowWords(row, reference);
      return html`<li><time data-at=${row.occurred_at}></time> <span>${kind} <b>${thing}</b> ${more.join(" · ")}</span></li>`;
    })}</ol>
    ${rows.length ? "" : html`<p class="empty">${gettext("Nothing recorded.")}</p>`}</div>`;
}

