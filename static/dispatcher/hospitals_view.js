// Which hospital for this patient, and why each of the others lost.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { duration } from "../shared/time.js";
import { nameOf } from "../shared/terms.js";

const TONE = { lacks: "bad", on_divert: "bad", no_bed: "bad", too_far: "warn", offers: "ok", bypass: "ok", beds_free: "ok", inbound: "warn", offloading: "warn", old_word: "warn" };

const row = (hospital, prealert) => html`<li class="hospital" data-recommended=${hospital.recommended}>
  <span class="number road">${hospital.eta_s === null ? "–" : duration(hospital.eta_s)}</span>
  <b>${nameOf(hospital)}</b> ${hospital.recommended ? html`<span class="chip ok">${gettext("recommended")}</span>` : nothing}
  <span class="why">${hospital.reasons.filter((reason) => reason.code !== "road_time").map((reason) => html`<span class="chip ${TONE[reason.code] ?? ""}">${reason.text}</span>`)}</span>
  ${prealert ? html`<button class="button small" data-act="prealert" @click=${() => prealert(hospital.hospital_id)}>${gettext("Pre-alert")}</button>` : nothing}
</li>`;

export function hospitalsView(state, act, mission) {
  const shown = state.hospitals?.missionId === mission.id ? state.hospitals.ranked : null;
  const alerted = Object.values(state.board.collections.handovers ?? {}).some((one) => one.mission_id === mission.id && !["redirected", "cancelled"].includes(one.state));
  const prealert = alerted || mission.times.on_board ? null : (hospitalId) => act.prealert(mission, hospitalId);
  return html`<p class="buttons"><button class="button small" aria-expanded=${Boolean(shown)} @click=${() => (shown ? act.set({ hospitals: null }) : act.askHospitals(mission))}>${gettext("Which hospital?")}</button></p>
    ${shown ? html`<ol class="hospitals small">${shown.map((one) => row(one, prealert))}</ol>` : nothing}`;
}
