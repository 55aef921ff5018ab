// What this hospital says of itself: free beds by type with their age, and a divert with its end.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { label, termsOf } from "../shared/terms.js";

// A bed of a speciality is asked for only where the hospital has the speciality.
const ALWAYS = ["ed", "resus", "icu"];
const SPECIAL = { cath_lab: "cath_lab", stroke: "stroke", burns: "burns", paediatric: "paediatric", obstetric: "obstetric" };
const MINUTES = [30, 60, 120, 240];

const bedsOf = (hospital) => [...ALWAYS, ...Object.keys(SPECIAL).filter((kind) => hospital.capabilities.includes(SPECIAL[kind]))];

function bedRow(hospital, kind, act) {
  const free = hospital.beds_free[kind];
  const step = (by) => act.declare(hospital, { ...hospital.beds_free, [kind]: Math.max(0, (free ?? 0) + by) });
  return html`<li class="bed" data-none=${free === 0}>
    <span>${label("bed", kind)}</span>
    <button type="button" class="button quiet" aria-label=${gettext("One bed fewer")} ?disabled=${!free} @click=${() => step(-1)}>−</button>
    <b class="number">${free ?? "?"}</b>
    <button type="button" class="button quiet" aria-label=${gettext("One bed more")} @click=${() => step(1)}>+</button>
  </li>`;
}

function divertPart(hospital, state, act) {
  if (hospital.divert) {
    return html`<p class="notice bad"><b>${gettext("On divert until")} <time data-at=${hospital.divert.until}></time></b> ${label("divert_reason", hospital.divert.reason)}
      <button type="button" class="button small" @click=${() => act.takePatients(hospital)}>${gettext("Take patients again")}</button></p>`;
  }
  if (!state.diverting) return html`<p class="buttons"><button type="button" class="button small" @click=${() => act.set({ diverting: true })}>${gettext("Ask for a divert…")}</button></p>`;
  return html`<div class="notice ask"><b>${gettext("Why, and for how long?")}</b>
    <div class="pair"><select id="divert-reason" class="input" aria-label=${gettext("Reason")}>${termsOf("divert_reason").map(([code, text]) => html`<option value=${code}>${text}</option>`)}</select></div>
    <p class="buttons">${MINUTES.map((minutes) => html`<button type="button" class="button small" @click=${() => act.divert(hospital, document.getElementById("divert-reason").value, minutes)}>${interpolate(gettext("%(count)s min"), { count: minutes }, true)}</button>`)}
      <button type="button" class="button quiet small" @click=${() => act.set({ diverting: false })}>${gettext("Leave it")}</button></p></div>`;
}

export function ownView(state, own, act) {
  const hospital = state.board.collections.hospitals?.[own];
  if (!hospital) return nothing;
  return html`<div class="panel-head"><h2>${gettext("Free beds")}</h2>
      <span class="faint small push">${hospital.declared_at ? html`${gettext("declared")} <time data-age=${hospital.declared_at} data-warn="3600" data-late="7200"></time>` : gettext("not declared yet")}</span></div>
    <ul class="beds">${bedsOf(hospital).map((kind) => bedRow(hospital, kind, act))}</ul>
    ${divertPart(hospital, state, act)}`;
}
