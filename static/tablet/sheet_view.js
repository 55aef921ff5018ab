// What covers the screen for one decision: which hospital, why not, and what the server refused.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf, termsOf } from "../shared/terms.js";
import { duration } from "../shared/time.js";
import { holdChoices } from "./holds_view.js";
import { isMove, ledgerBody } from "./ledger_view.js";
import { queueView } from "./queue_view.js";
import { endsOf, unitOf } from "./tablet_state.js";

const WHY = {
  declined: ["vehicle_fault", "crew_unsafe", "other"],
  no_patient: ["not_found", "caller_cancelled", "other"],
  refused: ["patient_refuses", "other"],
  treated_and_released: ["patient_refuses", "other"],
  dead_on_scene: ["other"],
};
const TONE = { lacks: "bad", on_divert: "bad", offers: "ok", inbound: "warn" };

export function sheetView(state, mission, act) {
  const ofMission = { hospitals: hospitalsView, prealert: prealertView, ends: endsView, reason: reasonView }[state.sheet];
  const ofUnit = { refused: queueSheet, leave: leaveView, rest: holdView, equipment: holdView, ledger: ledgerSheet }[state.sheet];
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

/** The same choice before boarding; a hospital alerted now is the destination. */
function prealertView(state, mission, act) {
  const title = gettext("Pre-alert – which hospital?");
  if (!state.hospitals) return cover(title, html`<p class="empty">${gettext("Asking the roads…")}</p>`, back(act));
  const chosen = state.hospitals.find((hospital) => hospital.hospital_id === state.hospitalId);
  const confirm = html`<button type="button" class="button primary next" id="confirm-prealert" ?disabled=${!chosen} @click=${() => act.prealert(mission, state.hospitalId)}>
    ${chosen ? interpolate(gettext("Pre-alert → %(hospital)s"), { hospital: nameOf(chosen) }, true) : gettext("Choose a hospital")}</button>`;
  return cover(title, html`${state.hospitals.map((hospital) => hospitalRow(hospital, state, act))}`, html`${confirm}${back(act)}`);
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

function holdView(state, act) {
  const { title, choices, tap } = holdChoices(state, act);
  const texts = new Map(choices);
  return cover(title, tiles([...texts.keys()], (code) => texts.get(code), tap), back(act));
}

const queueSheet = (state, act) => cover(gettext("What waits on this tablet"), queueView(state, act), back(act));

function ledgerSheet(state, act) {
  const { drug, kind = "counted", typed, batch = "", witness } = state.ledger ?? {};
  const save = () => {
    act.moveDrug(unitOf(state), { drug, kind, amount: typed, unit: state.reference.formulary.drug[drug].unit, batch, witness });
    act.set({ sheet: null, ledger: null });
  };
  return cover(gettext("Controlled drugs"), ledgerBody(state, act), html`<button type="button" class="button primary next" id="save-move" ?disabled=${!isMove(state.ledger ?? undefined)} @click=${save}>${gettext("Enter in the book")}</button>${back(act)}`);
}

/** Signing out wipes: whoever does it knows what is lost with it. */
function leaveView(state, act) {
  const text = interpolate(ngettext("%(count)s statement has not been sent and would be lost.", "%(count)s statements have not been sent and would be lost.", state.left), { count: state.left }, true);
  return cover(gettext("Sign out?"), html`<p class="notice bad">${text}</p><p>${gettext("Lock the tablet instead, and sign out when there is a network.")}</p>`, html`
    <button type="button" class="button primary next" data-act="lock" @click=${act.lock}>${gettext("Lock")}</button>
    <button type="button" class="button" data-act="leave" @click=${act.leaveAnyhow}>${gettext("Sign out and lose it")}</button>${back(act)}`);
}
