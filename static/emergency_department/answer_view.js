// What the department answers: confirm, bay and team, receive. Each with the name of who said it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { nameOf } from "../shared/terms.js";
import { doorLine, receivingView } from "./door/receive_view.js";

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
  return html`<button type="button" class="button primary confirm" data-act="receive" @click=${() => act.set({ receiving: { id: handover.id } })}>${gettext("Receive patient")}</button>${crew}`;
}

function bayForm(handover, state, act) {
  const department = state.board.collections.departments?.[handover.hospital_id];
  const bays = (department?.bays ?? []).filter((bay) => bay.code === handover.bay || bay.state === "free");
  const save = async (event) => {
    event.preventDefault();
    const { bay, team } = event.target.elements;
    const stored = await act.post(handover, "ready", { bay: bay.value, team: team.value.trim() });
    if (stored) act.select(null);
  };
  return html`<form class="answer bays" @submit=${save}>
    <span class="picks" role="radiogroup" aria-label=${gettext("Bay")}>${bays.map(({ code }, place) => html`<label class="pick"><input type="radio" name="bay" value=${code} ?checked=${handover.bay ? code === handover.bay : place === 0}><span>${code}</span></label>`)}${bays.length ? "" : html`<input class="input" name="bay" maxlength="40" required placeholder=${gettext("No bay is free")} aria-label=${gettext("Bay")}>`}</span>
    <input class="input" name="team" maxlength="80" list="teams-${handover.id}" .value=${handover.team} placeholder=${gettext("Team")} aria-label=${gettext("Team")}>
    <datalist id="teams-${handover.id}">${TEAMS().map((team) => html`<option value=${team}></option>`)}</datalist>
    <button type="submit" class="button primary" data-act="save-bay">${gettext("Ready")}</button>
    <button type="button" class="button" @click=${() => act.select(null)}>${gettext("Back")}</button>
  </form>`;
}

const bayView = (handover) => (handover.bay ? html`<span class="bay" title=${gettext("Bay")}>${handover.bay}</span>${handover.team ? html`<span class="team">${handover.team}</span>` : ""}` : "");

export function answerView(handover, state, act) {
  const { times } = handover;
  if (state.selected === handover.id && times.confirmed && !times.handed_over) return bayForm(handover, state, act);
  if (state.receiving?.id === handover.id) return receivingView(handover, state, act);
  const atDoor = Boolean(times.arrived || handover.given_at);
  const bayButton = (kind) => html`<button type="button" class="button ${kind}" data-act="ready" @click=${() => act.select(handover.id)}>${handover.bay ? gettext("Change bay") : gettext("Assign bay")}</button>`;
  return html`<div class="answer">
    ${times.confirmed ? "" : confirmView(handover, act)}
    ${times.confirmed && !atDoor && !handover.bay ? bayButton("primary confirm") : ""}
    ${bayView(handover)}
    ${atDoor ? receiveView(handover, act) : ""}
    ${times.confirmed && !atDoor ? said(gettext("Confirmed by %(name)s"), handover.confirmed_by) : ""}
    ${times.confirmed && (handover.bay || atDoor) ? bayButton("quiet push") : ""}
    ${doorLine(handover, state.board.collections.doors?.[handover.id], act)}
  </div>`;
}
