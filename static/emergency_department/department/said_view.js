// What the hospital says of itself: beds with their age, capabilities, a divert with its end, a surge capacity, settings.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, termsOf } from "../../shared/terms.js";
import { secondsSince } from "../../shared/time.js";
import { ownView } from "../own_view.js";
import { COLOURS, wordIsOld } from "./department_rules.js";

const HOURS = [2, 6, 12, 24];
const TARGETS = [10, 15, 20, 30];

/** An old word misleads whoever drives by it: ask for it anew. */
function remindView(hospital, act) {
  if (!wordIsOld(secondsSince(hospital.declared_at))) return "";
  return html`<p class="notice warn remind" role="status"><b>${hospital.declared_at ? gettext("The free beds were declared more than two hours ago.") : gettext("No free beds have been declared yet.")}</b>
    ${Object.keys(hospital.beds_free).length ? html`<button type="button" class="button" data-act="still" @click=${() => act.declare(hospital, hospital.beds_free)}>${gettext("Still right")}</button>` : ""}</p>`;
}

function capabilitiesView(hospital, act) {
  const has = new Set(hospital.capabilities);
  const flip = (code) => act.capabilities(hospital, has.has(code) ? [...has].filter((one) => one !== code) : [...has, code]);
  return html`<div class="panel-head"><h2>${gettext("Capabilities")}</h2><span class="faint small push">${gettext("said")} <time data-age=${hospital.updated_at}></time></span></div>
    <p class="flips">${termsOf("hospital_capability").filter(([code]) => code !== "ed").map(([code, text]) => html`<button type="button" class="button small" data-capability=${code} aria-pressed=${has.has(code)} @click=${() => flip(code)}>${has.has(code) ? "✓ " : ""}${text}</button>`)}</p>`;
}

function surgePart(hospital, state, act) {
  const { surge } = hospital;
  if (surge) {
    return html`<p class="notice ask"><b>${gettext("Surge capacity until")} <time data-at=${surge.until}></time></b> ${COLOURS.map((colour) => html`<span class="chip" data-colour=${colour}>${label("surge_colour", colour)} ${surge.capacity[colour]}</span>`)}
      <button type="button" class="button small" data-act="end-surge" @click=${() => act.endSurge(hospital)}>${gettext("End")}</button></p>`;
  }
  if (!state.surging) return html`<p class="buttons"><button type="button" class="button small" data-act="ask-surge" @click=${() => act.set({ surging: true })}>${gettext("Major incident: say how many…")}</button></p>`;
  const say = (event) => {
    event.preventDefault();
    const { red, yellow, green, hours } = event.target.elements;
    act.surge(hospital, { red: Number(red.value), yellow: Number(yellow.value), green: Number(green.value), minutes: Number(hours.value) * 60 });
  };
  return html`<form class="notice ask surge-form" @submit=${say}><b>${gettext("How many patients by colour, and for how long?")}</b>
    <p class="surge-fields">${COLOURS.map((colour) => html`<label class="field" data-colour=${colour}><span>${label("surge_colour", colour)}</span><input class="input" name=${colour} type="number" min="0" max="500" value="0" required></label>`)}
      <label class="field"><span>${gettext("Hours")}</span><select class="input" name="hours">${HOURS.map((hours) => html`<option value=${hours}>${hours}</option>`)}</select></label></p>
    <p class="buttons"><button type="submit" class="button primary" data-act="declare-surge">${gettext("Declare")}</button><button type="button" class="button quiet" @click=${() => act.set({ surging: false })}>${gettext("Leave it")}</button></p></form>`;
}

function settingsView(department, act) {
  return html`<div class="panel-head"><h2>${gettext("Triage and offload")}</h2></div>
    <p class="flips">${termsOf("triage_scale").map(([code, text]) => html`<button type="button" class="button small" aria-pressed=${department.scale === code} @click=${() => act.setUp(code, department.offload_target_s)}>${text}</button>`)}</p>
    <p class="flips"><span class="faint">${gettext("Offload target")}</span> ${TARGETS.map((minutes) => html`<button type="button" class="button small" aria-pressed=${department.offload_target_s === minutes * 60} @click=${() => act.setUp(department.scale, minutes * 60)}>${interpolate(gettext("%(count)s min"), { count: minutes }, true)}</button>`)}</p>`;
}

export function saidView(state, own, act) {
  const hospital = state.board.collections.hospitals?.[own];
  const department = state.board.collections.departments?.[own];
  if (!hospital || !department) return "";
  return html`${remindView(hospital, act)}${ownView(state, own, act)}${capabilitiesView(hospital, act)}
    <div class="panel-head"><h2>${gettext("Surge")}</h2></div>${surgePart(hospital, state, act)}
    ${settingsView(department, act)}`;
}
