// Who is coming and who waits at the door; several patients of one incident together; counts against the surge.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { offloadView } from "../../shared/offload.js";
import { list } from "../../shared/reduce.js";
import { label } from "../../shared/terms.js";
import { againstCapacity, atDoor, byIncident, countsByColour, onTheWay, openHere } from "./department_rules.js";

function rowView(handover, door) {
  return html`<li class="coming-row" data-colour=${door?.colour ?? "green"} data-handover=${handover.id}>
    <span class="colour-word">${label("surge_colour", door?.colour ?? "green")}</span>
    <b>${handover.unit.call_sign}</b><span class="number">${handover.preadmission_number}</span>
    <span class="one-line">${label("complaint", handover.incident.complaint)}</span>
    <span>${handover.bay ? html`<b>${handover.bay}</b>` : html`<span class="faint">${gettext("no bay")}</span>`}</span>
    <span class="coming-when">${handover.times.arrived ? offloadView(handover, door) : handover.eta_s === null ? html`<span class="faint">${gettext("arrival unknown")}</span>` : html`<time data-countdown=${handover.eta_s} data-from=${handover.eta_computed_at}></time>`}</span>
  </li>`;
}

function groupView({ incident, rows }, doors) {
  if (rows.length === 1) return html`<ul>${rows.map((one) => rowView(one, doors[one.id]))}</ul>`;
  return html`<section class="together" data-incident=${incident.id}><h3>${interpolate(gettext("%(count)s patients of incident %(number)s"), { count: rows.length, number: incident.number }, true)} <span class="faint">${incident.place_label}</span></h3>
    <ul>${rows.map((one) => rowView(one, doors[one.id]))}</ul></section>`;
}

function surgeView(surge, counts) {
  const capacity = surge?.capacity;
  return html`<dl class="surge" data-surge=${Boolean(surge)}>${againstCapacity(capacity, counts).map((one) => html`<div data-colour=${one.colour} class=${surge && one.left < 0 ? "over" : ""}><dt>${label("surge_colour", one.colour)}</dt>
    <dd><b class="number">${one.coming}</b>${surge ? html` / ${one.capacity}` : ""} ${surge && one.left < 0 ? html`<span class="chip bad">${interpolate(gettext("%(count)s too many"), { count: -one.left }, true)}</span>` : surge ? html`<small>${interpolate(gettext("%(count)s left"), { count: one.left }, true)}</small>` : ""}</dd></div>`)}</dl>`;
}

export function comingView(state, own) {
  const { doors = {}, hospitals = {} } = state.board.collections;
  const rows = openHere(list(state.board, "handovers"), own);
  const here = atDoor(rows);
  const coming = onTheWay(rows);
  const due = (one) => (one.eta_s === null ? Number.MAX_SAFE_INTEGER : one.eta_s);
  const sorted = [...here.toSorted((a, b) => Date.parse(a.times.arrived ?? 0) - Date.parse(b.times.arrived ?? 0)), ...coming.toSorted((a, b) => due(a) - due(b))];
  return html`<div class="panel-head"><h2>${gettext("Coming and at the door")}</h2>
      <span class="count push">${interpolate(gettext("%(coming)s coming, %(here)s at the door"), { coming: coming.length, here: here.length }, true)}</span></div>
    ${surgeView(hospitals[own]?.surge, countsByColour(rows, doors))}
    <div class="panel-body coming-list">${rows.length ? byIncident(sorted).map((group) => groupView(group, doors)) : html`<p class="empty">${gettext("Nobody is on the way here")}</p>`}</div>`;
}
