// What the department answers: confirm, bay and team, receive. Each with the name of who said it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { nameOf } from "../shared/terms.js";

const BAYS = ["R1", "R2", "R3", "R4", "R5", "R6"];
const TEAMS = () => [gettext("Resuscitation team"), gettext("Cath lab team"), gettext("Stroke team"), gettext("Trauma team"), gettext("Obstetric team"), gettext("Paediatric team")];

const said = (text, name) => html`<span class="who">${interpolate(text, { name: nameOf(name) }, true)}</span>`;

function confirmView(handover, act) {
  return html`<button type="button" class="button primary confirm" data-act="confirm" @click=${() => act.post(handover, "confirm")}>${gettext("Confirm")}</button>
    <span class="unconfirmed">${gettext("Not confirmed for")} <time data-elapsed=${handover.times.sent} data-warn="30" data-late="60"></time></span>`;
}

/** Both sides sign: who signed is named, who has not yet is waited for by name of the side. */
function receiveView(handover, act) {
  const crew = handover.given_by ? said(gettext("Given by %(name)s"), handover.given_by) : html`<span class="faint">${gettext("The crew has not signed yet")}</span>`;
  if (handover.received_at) return html`${said(gettext("Received by %(name)s"), handover.received_by)}${crew}`;
  return html`<button type="button" class="button primary confirm" data-act="receive" @click=${() => act.post(handover, "receive")}>${gettext("Receive patient")}</button>${crew}`;
}

function bayForm(handover, act) {
  const save = async (event) => {
    event.preventDefault();
    const { bay, team } = event.target.elements;
    const stored = await act.post(handover, "ready", { bay: bay.value, team: team.value.trim() });
    if (stored) act.select(null);
  };
  return html`<form class="answer bays" @submit=${save}>
    <span class="picks" role="radiogroup" aria-label=${gettext("Bay")}>${BAYS.map((bay, place) => html`<label class="pick"><input type="radio" name="bay" value=${bay} ?checked=${handover.bay ? bay === handover.bay : place === 0}><span>${bay}</span></label>`)}</span>
    <input class="input" name="team" maxlength="80" list="teams-${handover.id}" .value=${handover.team} placeholder=${gettext("Team")} aria-label=${gettext("Team")}>
    <datalist id="teams-${handover.id}">${TEAMS().map((team) => html`<option value=${team}></option>`)}</datalist>
    <button type="submit" class="button primary" data-act="save-bay">${gettext("Ready")}</button>
    <button type="button" class="button" @click=${() => act.select(null)}>${gettext("Back")}</button>
  </form>`;
}

const bayView = (handover) => (handover.bay ? html`<span class="bay" title=${gettext("Bay")}>${handover.bay}</span>${handover.team ? html`<span class="team">${handover.team}</span>` : ""}` : "");

export function answerView(handover, state, act) {
  const { times } = handover;
  if (state.selected === handover.id && times.confirmed && !times.handed_over) return bayForm(handover, act);
  const atDoor = Boolean(times.arrived || handover.given_at);
  const bayButton = (kind) => html`<button type="button" class="button ${kind}" data-act="ready" @click=${() => act.select(handover.id)}>${handover.bay ? gettext("Change bay") : gettext("Assign bay")}</button>`;
  return html`<div class="answer">
    ${times.confirmed ? "" : confirmView(handover, act)}
    ${times.confirmed && !atDoor && !handover.bay ? bayButton("primary confirm") : ""}
    ${bayView(handover)}
    ${atDoor ? receiveView(handover, act) : ""}
    ${times.confirmed && !atDoor ? said(gettext("Confirmed by %(name)s"), handover.confirmed_by) : ""}
    ${times.confirmed && (handover.bay || atDoor) ? bayButton("quiet push") : ""}
  </div>`;
}
