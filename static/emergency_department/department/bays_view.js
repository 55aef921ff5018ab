// One tile a bay: whom it holds or awaits, free or being cleaned; one press assigns.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { offloadView } from "../../shared/offload.js";
import { list } from "../../shared/reduce.js";
import { label } from "../../shared/terms.js";
import { openHere, withoutBay } from "./department_rules.js";

const KINDS = ["resus", "treatment", "observation", "isolation"];

function holderView(handover, door) {
  return html`<b class="bay-who">${handover.preadmission_number}</b>
    <span>${handover.unit.call_sign} · ${label("complaint", handover.incident.complaint)}</span>
    ${handover.times.arrived ? offloadView(handover, door) : html`<span>${gettext("arrival in")} <time data-countdown=${handover.eta_s ?? ""} data-from=${handover.eta_computed_at ?? ""}></time></span>`}`;
}

const short = (handover) => handover.preadmission_number.split("-").at(-1);

function acts(bay, next, act) {
  if (bay.state === "occupied") return html`<button type="button" class="button" data-act="left" @click=${() => act.bay(bay, "left")}>${gettext("Patient left")}</button>`;
  if (bay.state === "cleaning") return html`<button type="button" class="button primary" data-act="cleaned" @click=${() => act.bay(bay, "cleaned")}>${gettext("Clean and free")}</button>`;
  if (bay.state === "closed") return html`<button type="button" class="button" @click=${() => act.bay(bay, "closed", { closed: false })}>${gettext("In use again")}</button>`;
  if (bay.state === "awaited") return "";
  return html`${next ? html`<button type="button" class="button primary" data-assign=${next.id} @click=${() => act.bay(bay, "assign", { handover_id: next.id })}>${interpolate(gettext("For %(number)s"), { number: short(next) }, true)} <small>${next.unit.call_sign}</small></button>` : ""}
    ${next ? "" : html`<button type="button" class="button quiet" @click=${() => act.bay(bay, "closed", { closed: true })}>${gettext("Out of use")}</button>`}`;
}

function bayView(bay, state, next, act) {
  const { handovers = {}, doors = {} } = state.board.collections;
  const handover = handovers[bay.handover_id];
  return html`<li class="bay-tile" data-bay=${bay.code} data-state=${bay.state}>
    <p class="bay-head"><b>${bay.code}</b> <span class="faint">${label("bay_kind", bay.kind)}</span> <span class="bay-state">${label("bay_state", bay.state)}</span></p>
    <div class="bay-holds">${handover ? holderView(handover, doors[handover.id]) : bay.handover_id ? html`<span class="faint">${gettext("a patient of before")}</span>` : ""}
      ${bay.since && !handover ? html`<time data-elapsed=${bay.since}></time>` : ""}</div>
    <p class="bay-acts">${bay.id ? acts(bay, next, act) : ""}</p>
  </li>`;
}

function namingView(state, act) {
  const rows = state.naming;
  const change = (at, values) => act.set({ naming: rows.map((one, here) => (here === at ? { ...one, ...values } : one)) });
  return html`<div class="naming">
    ${rows.map((one, at) => html`<p class="naming-row"><input class="input" maxlength="12" aria-label=${gettext("Bay")} .value=${one.code} @change=${(event) => change(at, { code: event.target.value })}>
      <select class="input" aria-label=${gettext("Kind")} @change=${(event) => change(at, { kind: event.target.value })}>${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === one.kind}>${label("bay_kind", kind)}</option>`)}</select>
      <button type="button" class="button quiet" @click=${() => act.set({ naming: rows.filter((_one, here) => here !== at) })}>${gettext("Remove")}</button></p>`)}
    <p class="buttons"><button type="button" class="button" @click=${() => act.set({ naming: [...rows, { code: "", kind: "treatment" }] })}>${gettext("One more bay")}</button>
      <button type="button" class="button primary" data-act="save-bays" @click=${() => act.nameBays(rows)}>${gettext("Save")}</button>
      <button type="button" class="button quiet" @click=${() => act.set({ naming: null })}>${gettext("Leave it")}</button></p></div>`;
}

/** Who needs a bay: one of them is chosen, and one press on a free bay puts them there. */
function waitingView(waiting, next, act) {
  if (!waiting.length) return "";
  return html`<p class="flips placing" role="radiogroup" aria-label=${gettext("Who needs a bay")}><span class="faint">${gettext("Who needs a bay")}</span>
    ${waiting.map((one) => html`<button type="button" role="radio" class="button small" data-place=${one.id} aria-checked=${one === next} aria-pressed=${one === next} @click=${() => act.set({ placing: one.id })}>${short(one)} <small>${one.unit.call_sign} · ${label("complaint", one.incident.complaint)}</small></button>`)}</p>`;
}

export function baysView(state, own, act) {
  const department = state.board.collections.departments?.[own];
  if (!department) return html`<p class="empty">${gettext("Loading…")}</p>`;
  const waiting = withoutBay(openHere(list(state.board, "handovers"), own), department.bays);
  const next = waiting.find((one) => one.id === state.placing) ?? waiting[0];
  const free = department.bays.filter((bay) => bay.state === "free").length;
  const naming = department.bays.map(({ code, kind }) => ({ code, kind }));
  return html`<div class="panel-head"><h2>${gettext("Bays")}</h2><span class="count">${interpolate(gettext("%(free)s of %(all)s free"), { free, all: department.bays.length }, true)}</span>
      ${department.bays_named ? "" : html`<span class="chip warn">${gettext("not named yet")}</span>`}
      <button type="button" class="button quiet small push" data-act="name-bays" @click=${() => act.set({ naming: state.naming ? null : naming })}>${gettext("Name the bays…")}</button></div>
    ${waitingView(waiting, next, act)}
    ${state.naming ? namingView(state, act) : html`<ul class="bay-tiles">${department.bays.map((bay) => bayView(bay, state, next, act))}</ul>`}`;
}
