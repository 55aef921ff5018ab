// What stands around the cards: the figures in the bar, the day's list, and the calm page when nobody comes.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf } from "../shared/terms.js";
import { finishedView, withdrawnView } from "./card_view.js";
import { finished, inbound, withdrawn } from "./ed_state.js";

export function figuresView(state) {
  const rows = inbound(state);
  const here = rows.filter((row) => row.times.arrived).length;
  const waiting = rows.filter((row) => !row.times.confirmed).length;
  return html`<div><dt>${gettext("On the way")}</dt><dd>${rows.length - here}</dd></div>
    <div><dt>${gettext("At the door")}</dt><dd>${here}</dd></div>
    <div class=${waiting ? "bad" : ""}><dt>${gettext("To confirm")}</dt><dd>${waiting}</dd></div>`;
}

export function sideView(state, act) {
  const done = finished(state);
  const back = withdrawn(state);
  return html`
    ${back.length ? html`<div class="taken-back">${back.map((row) => withdrawnView(row, act))}</div>` : ""}
    <div class="panel-head"><h2>${gettext("Received in the last 24 hours")}</h2><span class="count push">${done.length}</span></div>
    <div class="panel-body">${done.length ? html`<ul class="done">${done.map((row) => finishedView(row, state, act))}</ul>` : html`<p class="empty">${gettext("Nobody yet.")}</p>`}</div>`;
}

function divertView(hospital) {
  if (!hospital?.divert) return html`<p class="status" data-status="available">${gettext("Open for ambulances")}</p>`;
  return html`<p class="chip bad">${gettext("On divert until")} <time data-at=${hospital.divert.until}></time> ${label("divert_reason", hospital.divert.reason)}</p>`;
}

export function emptyView(state, own) {
  if (!state.board.ready) return html`<div class="calm"><h2>${gettext("Loading…")}</h2></div>`;
  const hospital = state.board.collections.hospitals?.[own];
  const last = finished(state)[0];
  return html`<div class="calm">
    <time class="calm-clock" data-clock></time>
    <h2>${gettext("Nobody is on the way here")}</h2>
    <p>${nameOf(hospital)}</p>
    <p class="calm-offers">${(hospital?.capabilities ?? []).map((code) => html`<span class="chip">${label("hospital_capability", code)}</span>`)}</p>
    ${divertView(hospital)}
    ${last ? html`<p class="faint">${gettext("Last patient received")} <time data-at=${last.times.handed_over}></time></p>` : ""}
    <p class="faint">${gettext("An alert appears here the moment a patient is on board.")}</p>
  </div>`;
}
