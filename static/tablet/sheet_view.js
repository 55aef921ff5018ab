// What covers the screen for one decision: which hospital, why not, and what the server refused.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf, termsOf } from "../shared/terms.js";
import { duration } from "../shared/time.js";
import { entryText } from "./entry_words.js";
import { holdChoices } from "./holds_view.js";
import { refused } from "./queue_rules.js";
import { endsOf } from "./tablet_state.js";

const WHY = {
  declined: ["vehicle_fault", "crew_unsafe", "other"],
  no_patient: ["not_found", "caller_cancelled", "other"],
  refused: ["patient_refuses", "other"],
  treated_and_released: ["patient_refuses", "other"],
  dead_on_scene: ["other"],
};
const TONE = { lacks: "bad", on_divert: "bad", offers: "ok", inbound: "warn" };

export function sheetView(state, mission, act) {
  const ofMission = { hospitals: hospitalsView, ends: endsView, reason: reasonView }[state.sheet];
  const ofUnit = { refused: refusedView, rest: holdView, equipment: holdView }[state.sheet];
  if (mission && ofMission) return ofMission(state, mission, act);
  return ofUnit ? ofUnit(state, act) : "";
}

const cover = (title, body, foot) => html`<div class="cover"><section class="sheet" role="dialog" aria-modal="true" aria-label=${title}>
  <h2>${title}</h2><div class="sheet-body">${body}</div><div class="sheet-foot">${foot}</div></section></div>`;
const back = (act) => html`<button type="button" class="button" data-act="back" @click=${() => act.set({ sheet: null })}>${gettext("Back")}</button>`;

const far = (hospital) => {
  if (hospital.eta_s !== null) return duration(hospital.eta_s);
  return hospital.distance_m === null ? "–" : interpolate(gettext("%(km)s km"), { km: (hospital.distance_m / 1000).toFixed(1) }, true);
};

function hospitalRow(hospital, state, act) {
  const chosen = hospital.hospital_id === state.hospitalId;
  const reasons = hospital.reasons.filter((reason) => reason.code !== "road_time");
  const told = new Set(reasons.filter((reason) => ["offers", "lacks"].includes(reason.code)).map((reason) => reason.params?.capability));
  return html`<button type="button" class="hospital" data-hospital=${hospital.hospital_id} aria-pressed=${chosen} @click=${() => act.set({ hospitalId: hospital.hospital_id })}>
    <span class="hospital-eta">${far(hospital)}</span>
    <span class="hospital-name">${nameOf(hospital)} ${hospital.recommended ? html`<span class="chip ok">${gettext("recommended")}</span>` : ""}
      ${hospital.divert && !reasons.some((reason) => reason.code === "on_divert") ? html`<span class="chip bad">${gettext("on divert")}</span>` : ""}</span>
    <span class="hospital-why">${reasons.map((reason) => html`<span class="chip ${TONE[reason.code] ?? ""}">${reason.text}</span>`)}
      ${hospital.capabilities.filter((code) => code !== "ed" && !told.has(code)).map((code) => html`<span class="chip">${label("hospital_capability", code)}</span>`)}</span>
  </button>`;
}

function hospitalsView(state, mission, act) {
  const title = gettext("Patient on board – which hospital?");
  if (!state.hospitals) return cover(title, html`<p class="empty">${gettext("Asking the roads…")}</p>`, back(act));
  const chosen = state.hospitals.find((hospital) => hospital.hospital_id === state.hospitalId);
  const confirm = html`<button type="button" class="button primary next" id="confirm-board" ?disabled=${!chosen} @click=${() => act.board(mission, state.hospitalId)}>
    ${chosen ? interpolate(gettext("On board → %(hospital)s"), { hospital: nameOf(chosen) }, true) : gettext("Choose a hospital")}</button>`;
  const note = state.hospitals.some((hospital) => hospital.eta_s !== null) ? "" : html`<p class="notice warn">${state.hospitalsNote} ${gettext("No road times: distances as the crow flies, none recommended. Ask the control room.")}</p>`;
  return cover(title, html`${note}${state.hospitals.map((hospital) => hospitalRow(hospital, state, act))}`, html`${confirm}${back(act)}`);
}

const tiles = (codes, text, tap) => html`<div class="grid">${codes.map((code) => html`<button type="button" class="tile big" data-code=${code} @click=${() => tap(code)}>${text(code)}</button>`)}</div>`;

const endsView = (state, mission, act) =>
  cover(gettext("No transport"), tiles(endsOf(mission), (code) => label("fact", code), (code) => act.set({ sheet: "reason", reasonFor: code })), back(act));

function reasonView(state, mission, act) {
  const texts = new Map(termsOf("end_reason"));
  const codes = WHY[state.reasonFor] ?? ["other"];
  return cover(
    interpolate(gettext("%(what)s – why?"), { what: label("fact", state.reasonFor) }, true),
    tiles(codes, (code) => texts.get(code) ?? code, (code) => act.fact(mission, state.reasonFor, code)),
    back(act),
  );
}

const what = ({ kind, body }) => (kind === "entry" ? entryText(body) : kind === "fact" ? label("fact", body.fact) : kind === "emergency" ? gettext("Emergency") : kind === "patient" ? gettext("Patient") : kind === "hold" ? label("hold", body.what) : gettext("Handover"));

function holdView(state, act) {
  const { title, choices, tap } = holdChoices(state, act);
  const texts = new Map(choices);
  return cover(title, tiles([...texts.keys()], (code) => texts.get(code), tap), back(act));
}

function refusedView(state, act) {
  const row = (job) => html`<div class="notice bad"><b>${what(job)}</b><span>${job.refused}</span>
    <button type="button" class="button" @click=${() => act.drop(job)}>${gettext("Remove")}</button></div>`;
  return cover(gettext("Not accepted by the server"), refused(state.jobs).map(row), back(act));
}
