// The hospital's side as the crew sees it: the number, how far the alert has come and by whose word, what changed.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf } from "../shared/terms.js";
import { directOf } from "../shared/pathways/pathway_rules.js";
import { directBanner } from "../shared/pathways/pathway_view.js";
import { doorView } from "./door_view.js";
import { canPrealert, handoversOf, pathwaysOf, toAcknowledge } from "./tablet_state.js";

const by = (text, person) => interpolate(text, { name: nameOf(person) }, true);

/** Said so far, in order: [text, time]. Delivered is a machine's word, confirmed a person's. */
function saidSoFar({ times, by: who = {}, confirmed_by, given_by, given_at, received_by, received_at }) {
  return [
    [gettext("sent"), times.sent],
    [gettext("on the hospital’s screen"), times.delivered],
    [who.seen ? by(gettext("opened by %(name)s"), who.seen) : gettext("opened"), times.seen],
    [by(gettext("confirmed by %(name)s"), confirmed_by), times.confirmed],
    [who.ready ? by(gettext("bay ready, %(name)s"), who.ready) : gettext("bay ready"), times.ready],
    [by(gettext("given by %(name)s"), given_by), given_at],
    [by(gettext("received by %(name)s"), received_by), received_at],
  ].filter(([, at]) => at);
}

function toldView({ notices = [] }) {
  const told = notices.filter((one) => one.person && one.subject === "alert");
  return told.length ? html`<p class="handover-told">${gettext("Told:")} ${told.map((one) => `${nameOf(one.person)} (${label("channel", one.channel)})`).join(", ")}</p>` : "";
}

function answerView(handover) {
  if (handover.bay) return html`<p class="handover-bay"><b>${interpolate(gettext("Bay %(bay)s"), { bay: handover.bay }, true)}</b> ${handover.team}</p><p class="handover-ok">${by(gettext("Confirmed by %(name)s"), handover.confirmed_by)}</p>`;
  if (handover.times.confirmed) return html`<p class="handover-ok">${by(gettext("Confirmed by %(name)s"), handover.confirmed_by)}</p>`;
  return html`<p class="handover-wait">${gettext("Nobody has confirmed yet")} <time data-elapsed=${handover.times.sent} data-warn="30" data-late="60"></time></p>${toldView(handover)}`;
}

/** Somebody else sends the crew elsewhere: it stands first until a person of the crew has read it. */
function changedView(state, mission, act) {
  const hospitals = state.board.collections.hospitals ?? {};
  return toAcknowledge(state, mission).map((row) => html`<div class="notice bad handover-changed" role="alert" data-changed=${row.id}>
    <b>${row.state === "redirected" ? interpolate(gettext("New destination: %(hospital)s"), { hospital: nameOf(hospitals[mission.destination_id]) }, true) : interpolate(gettext("Alert to %(hospital)s cancelled"), { hospital: nameOf(hospitals[row.hospital_id]) }, true)}</b>
    <span>${by(gettext("by %(name)s"), row.withdrawn_by)}${row.end_reason ? ` · ${label("end_reason", row.end_reason)}` : ""}</span>
    <button type="button" class="button primary" data-act="told" @click=${() => act.told(row)}>${gettext("Understood")}</button>
  </div>`);
}

/** Hospitals that were let go: whether somebody there knows. */
function leftView(state, mission) {
  const hospitals = state.board.collections.hospitals ?? {};
  const left = handoversOf(state, mission).filter((row) => ["redirected", "cancelled"].includes(row.state));
  return left.map((row) => html`<p class="handover-left">${nameOf(hospitals[row.hospital_id])}: ${row.withdrawal_seen_at ? by(gettext("released, %(name)s knows"), row.withdrawal_seen_by) : gettext("released, nobody there has read it yet")}</p>`);
}

function prealertButton(state, mission, act) {
  if (!canPrealert(state, mission)) return "";
  return html`<section class="handover" data-handover="none"><button type="button" class="button prealert" data-act="prealert" @click=${() => act.choosePrealert(mission)}>${gettext("Pre-alert a hospital from here…")}</button></section>`;
}

export function handoverView(state, handover, mission, act) {
  if (!handover) return mission ? html`${changedView(state, mission, act)}${prealertButton(state, mission, act)}` : "";
  const hospital = state.board.collections.hospitals?.[handover.hospital_id];
  return html`${changedView(state, mission, act)}<section class="handover" data-handover=${handover.state} aria-label=${gettext("Handover")}>
    ${directBanner(directOf(pathwaysOf(state, mission)))}
    <div class="handover-head">
      <p><b class="one-line">${nameOf(hospital)}</b><small>${gettext("Pre-admission number")} · <span class="number">${handover.code ?? ""}</span></small></p>
      <b class="handover-number">${handover.preadmission_number}</b>
    </div>
    <div class="handover-band">
      <p>${gettext("Visit number of the hospital")} ${handover.visit_number ? html`<b class="number">${handover.visit_number}</b>` : html`<span class="faint">${gettext("not given yet")}</span>`}</p>
      <a class="button" href="/handovers/${handover.id}/wristband/" target="_blank" rel="noopener">${gettext("Wristband")}</a>
    </div>
    ${answerView(handover)}
    ${doorView(state, handover)}
    <ol class="handover-said">${saidSoFar(handover).map(([text, at]) => html`<li>${text} <time data-at=${at}></time></li>`)}</ol>
    ${leftView(state, mission)}
  </section>`;
}
