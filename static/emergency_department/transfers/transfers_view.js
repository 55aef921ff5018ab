// One line a transfer, with every step and its name; and the form that asks another hospital.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { list } from "../../shared/reduce.js";
import { label, nameOf, termsOf } from "../../shared/terms.js";

const STEPS = ["assigned", "en_route", "on_scene", "on_board", "at_destination", "handed_over"];

function stepsView({ requested_at, requested_by, answered_at, answered_by, state, withdrawn_at, withdrawn_by, drive }) {
  const person = (name, at) => html`${nameOf(name)} <time data-at=${at}></time>`;
  return html`<ol class="transfer-steps"><li class="done">${label("transfer_state", "requested")} ${person(requested_by, requested_at)}</li>
    ${answered_at ? html`<li class="done">${label("transfer_state", state)} ${person(answered_by, answered_at)}</li>` : ""}
    ${withdrawn_at ? html`<li class="done">${label("transfer_state", "withdrawn")} ${person(withdrawn_by, withdrawn_at)}</li>` : ""}
    ${state === "accepted" && !drive ? html`<li>${gettext("The control room looks for a unit")}</li>` : ""}
    ${drive ? STEPS.map((step) => html`<li class=${drive.times[step] ? "done" : ""}>${label("mission_state", step)} ${drive.times[step] ? html`<time data-at=${drive.times[step]}></time>` : ""}</li>`) : ""}</ol>`;
}

function detailsView(details) {
  return html`<p><b>${details.name || gettext("unknown")}</b> · ${details.diagnosis}</p>
    ${details.condition ? html`<p>${details.condition}</p>` : ""}
    <p class="faint">${[details.ward, details.consent_name && interpolate(gettext("agreed: %(name)s"), { name: details.consent_name }, true)].filter(Boolean).join(" · ")}</p>`;
}

function actsView(transfer, own, state, act) {
  if (transfer.state !== "requested") return "";
  if (transfer.sender_id === own) return html`<p class="transfer-acts"><button type="button" class="button" data-act="withdraw" @click=${() => act.step(transfer, "withdraw")}>${gettext("Take it back")}</button></p>`;
  if (state.declining === transfer.id) {
    return html`<p class="transfer-acts">${termsOf("transfer_declined").map(([code, text]) => html`<button type="button" class="button" data-decline=${code} @click=${() => act.step(transfer, "decline", { reason: code })}>${text}</button>`)}
      <button type="button" class="button quiet" @click=${() => act.set({ declining: null })}>${gettext("Back")}</button></p>`;
  }
  const accept = (event) => {
    event.preventDefault();
    act.step(transfer, "accept", { receiving_team: event.target.elements.team.value });
  };
  return html`<form class="transfer-acts" @submit=${accept}><label class="field"><span>${gettext("Receiving team")}</span><input class="input" name="team" maxlength="80"></label>
    <button type="submit" class="button primary" data-act="accept">${gettext("We take the patient")}</button>
    <button type="button" class="button" data-act="decline" @click=${() => act.set({ declining: transfer.id })}>${gettext("Not possible…")}</button></form>`;
}

function transferView(transfer, own, state, act) {
  const details = state.details[transfer.id];
  const age = transfer.age_years === null ? "" : interpolate(gettext("%(years)s years"), { years: transfer.age_years }, true);
  return html`<li class="transfer" data-transfer=${transfer.id} data-state=${transfer.state}>
    <p class="transfer-head"><b>${nameOf(transfer.sender)} → ${nameOf(transfer.receiver)}</b> <span class="chip ${transfer.state === "requested" ? "warn" : transfer.state === "accepted" ? "ok" : ""}">${label("transfer_state", transfer.state)}</span>
      <span>${label("transfer_urgency", transfer.urgency)}</span><span>${label("transfer_reason", transfer.reason)}</span><span class="faint">${[transfer.sex === "unknown" ? "" : label("sex", transfer.sex), age].filter(Boolean).join(", ")}</span></p>
    <p class="flips">${transfer.needs.map((code) => html`<span class="chip">${label("hospital_capability", code)}</span>`)}${transfer.escorts.map((code) => html`<span class="chip">${label("escort", code)}</span>`)}
      <span class="chip ok">${gettext("Agreed by")} ${label("transfer_consent", transfer.consent)} <time data-at=${transfer.consent_at}></time></span></p>
    ${details ? detailsView(details) : html`<p><button type="button" class="button small" data-act="look" @click=${() => act.look(transfer)}>${gettext("Show the patient")}</button></p>`}
    ${transfer.decline_reason ? html`<p class="notice bad">${label("transfer_declined", transfer.decline_reason)} ${transfer.decline_note}</p>` : ""}
    ${transfer.receiving_team ? html`<p>${gettext("Receiving team")}: <b>${transfer.receiving_team}</b></p>` : ""}
    ${transfer.drive ? html`<p>${gettext("Driven by")} <b>${transfer.drive.call_sign}</b> · ${label("mission_state", transfer.drive.state)}</p>` : ""}
    ${stepsView(transfer)}
    ${actsView(transfer, own, state, act)}
  </li>`;
}

export function listView(state, own, act) {
  const rows = list(state.board, "transfers").toSorted((a, b) => Date.parse(b.requested_at) - Date.parse(a.requested_at));
  const toAnswer = rows.filter((one) => one.state === "requested" && one.receiver_id === own).length;
  return html`<div class="panel-head"><h2>${gettext("Transfers")}</h2>${toAnswer ? html`<span class="chip warn push">${interpolate(ngettext("%(count)s to answer", "%(count)s to answer", toAnswer), { count: toAnswer }, true)}</span>` : ""}</div>
    ${rows.length ? html`<ul>${rows.map((one) => transferView(one, own, state, act))}</ul>` : html`<p class="empty">${gettext("No transfer is asked for or under way.")}</p>`}`;
}

const options = (table, chosen = "") => html`${termsOf(table).map(([code, text]) => html`<option value=${code} ?selected=${code === chosen}>${text}</option>`)}`;
const checks = (name, title, rows) => html`<fieldset class="checks whole"><legend class="faint">${title}</legend>${rows.map(([code, text]) => html`<label><input type="checkbox" name=${name} value=${code}> ${text}</label>`)}</fieldset>`;

export function askView(state, own, act) {
  const hospitals = list(state.board, "hospitals").filter((one) => one.id !== own);
  const send = (event) => {
    event.preventDefault();
    act.ask(event.target);
  };
  return html`<div class="panel-head"><h2>${gettext("Ask another hospital")}</h2></div>
    ${state.fault ? html`<p class="notice bad" role="alert">${state.fault}</p>` : state.asked ? html`<p class="notice ok" role="status">${gettext("Asked. Nothing moves before they agree.")}</p>` : nothing}
    <form class="transfer-form" @submit=${send}>
      <label class="field whole"><span>${gettext("Hospital")}</span><select class="input" name="receiver_id" required>${hospitals.map((one) => html`<option value=${one.id}>${nameOf(one)}${one.divert ? ` · ${gettext("on divert")}` : ""}</option>`)}</select></label>
      <label class="field"><span>${gettext("Name")}</span><input class="input" name="name" maxlength="120" autocomplete="off"></label>
      <label class="field"><span>${gettext("Where the patient is")}</span><input class="input" name="ward" maxlength="80"></label>
      <label class="field"><span>${gettext("Sex")}</span><select class="input" name="sex">${options("sex", "unknown")}</select></label>
      <label class="field"><span>${gettext("Age")}</span><input class="input" name="age_years" type="number" min="0" max="130"></label>
      <label class="field whole"><span>${gettext("Diagnosis")}</span><input class="input" name="diagnosis" maxlength="200" required></label>
      <label class="field whole"><span>${gettext("Condition and treatment so far")}</span><textarea class="input" name="condition" rows="2" maxlength="500"></textarea></label>
      <label class="field"><span>${gettext("Why")}</span><select class="input" name="reason">${options("transfer_reason")}</select></label>
      <label class="field"><span>${gettext("How soon")}</span><select class="input" name="urgency">${options("transfer_urgency")}</select></label>
      ${checks("needs", gettext("The other hospital must have"), termsOf("hospital_capability").filter(([code]) => code !== "ed"))}
      ${checks("escorts", gettext("Must come along"), termsOf("escort"))}
      <label class="field"><span>${gettext("Who agreed")}</span><select class="input" name="consent">${options("transfer_consent")}</select></label>
      <label class="field"><span>${gettext("Their name")}</span><input class="input" name="consent_name" maxlength="80"></label>
      <label class="field"><span>${gettext("When they agreed (empty: now)")}</span><input class="input" type="datetime-local" name="consent_at"></label>
      <p class="whole"><button type="submit" class="button primary" data-act="ask-transfer">${gettext("Ask")}</button></p>
    </form>`;
}
