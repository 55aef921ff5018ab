// The screen without a working mission: standby, or a new order that asks for an answer.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf } from "../shared/terms.js";
import { hazardView } from "./hazard_view.js";
import { holdsView } from "./holds_view.js";
import { postingOrder } from "./posting_view.js";
import { incidentOf, isPosting, unitOf } from "./tablet_state.js";

export const who = (incident) =>
  [
    incident.patient_sex && incident.patient_sex !== "unknown" ? label("sex", incident.patient_sex) : "",
    Number.isFinite(incident.patient_age_years) ? interpolate(gettext("%(years)s years"), { years: incident.patient_age_years }, true) : "",
  ].filter(Boolean).join(", ");

export const wayText = ({ distance_m, eta_s }) =>
  interpolate(gettext("%(km)s km · %(minutes)s min by road"), { km: (distance_m / 1000).toFixed(1), minutes: Math.max(1, Math.round(eta_s / 60)) }, true);

function offShiftView(ready) {
  return html`<div class="standby"><h1>${ready ? gettext("No shift now") : gettext("Loading…")}</h1>
    ${ready ? html`<p>${gettext("You are on no ambulance at the moment. Ask the control room.")}</p>` : ""}</div>`;
}

export function standbyView(state, act) {
  const unit = unitOf(state);
  if (!unit) return offShiftView(state.board.ready);
  return html`<div class="standby">
    <p class="standby-sign">${unit.call_sign}</p>
    <p class="standby-status"><span class="status" data-status=${unit.status}>${label("unit_status", unit.status)}</span></p>
    <h1>${gettext("Ready for the next mission")}</h1>
    <dl>
      <div><dt>${gettext("Crew")}</dt><dd>${unit.crew.map((one) => html`<span class="crew">${nameOf(one)} <small>${label("seat", one.seat)}</small></span>`)}</dd></div>
      <div><dt>${gettext("Station")}</dt><dd>${nameOf(unit.station)}</dd></div>
      <div><dt>${gettext("Vehicle")}</dt><dd>${label("capability", unit.capability)} · ${unit.plate}</dd></div>
      <div><dt>${gettext("Position")}</dt><dd>${unit.fix ? html`${gettext("known, age")} <time data-age=${unit.fix.fix_at} data-warn="30" data-late="120"></time>` : gettext("unknown")}</dd></div>
      ${unit.shift_ends_at ? html`<div><dt>${gettext("Shift ends")}</dt><dd><time data-at=${unit.shift_ends_at}></time></dd></div>` : ""}
    </dl>
    <p><a class="button" href="/tablet/cases/" target="_blank" rel="noopener">${gettext("My cases")}</a></p>
    ${holdsView(state, act)}
  </div>`;
}

export function orderView(state, mission, act) {
  const incident = incidentOf(state, mission);
  if (!incident) return "";
  const way = state.route?.missionId === mission.id && Number.isFinite(state.route.eta_s) ? state.route : null;
  const far = way ? wayText(way) : gettext("Asking the roads…");
  if (isPosting(mission)) return postingOrder(mission, incident, far, act);
  return html`<div class="order" role="alertdialog" aria-label=${gettext("New mission")} data-priority=${incident.priority}>
    <p class="order-new"><span>${gettext("New mission")}</span> <span class="number">${mission.number}</span> <time data-elapsed=${mission.times.assigned} data-warn="60" data-late="120"></time></p>
    <p class="order-what"><span class="priority big" data-priority=${incident.priority}>${incident.priority}</span><span>${label("complaint", incident.complaint)}</span> <small>${who(incident)}</small></p>
    <p class="order-where">${incident.place_label}</p>
    ${incident.place_detail ? html`<p class="order-detail">${incident.place_detail}</p>` : ""}
    ${incident.caller_note ? html`<p class="order-detail">${incident.caller_note}</p>` : ""}
    ${hazardView(incident)}
    <p class="order-way">${far}</p>
    <div class="order-answer">
      <button type="button" class="button primary next" data-step="acknowledged" @click=${() => act.fact(mission, "acknowledged")}>${gettext("Accept")}</button>
      <button type="button" class="button out" data-step="declined" @click=${() => act.set({ sheet: "reason", reasonFor: "declined" })}>${gettext("Decline")}</button>
    </div>
  </div>`;
}
