// One inbound patient: who, what, how far, live vital signs, and the department's answer.

import { etaRange, rangeMeaning } from "../shared/eta_range.js";
import { html } from "/static/vendor/lit-html/lit-html.js";
import { ref } from "/static/vendor/lit-html/directives/ref.js";
import { openEcg } from "../shared/ecg/ecg_viewer.js";
import { rowWords, valueText } from "../shared/record/entry_words.js";
import { chinese, label, nameOf } from "../shared/terms.js";
import { paceWord } from "../shared/offload.js";
import { answerView } from "./answer_view.js";
import { doorLine, receivingView } from "./door/receive_view.js";
import { ordersView } from "./orders_view.js";
import { spokenView } from "./spoken_view.js";

// Offloading is not a step of its own here: the two signatures below say it.
const STEPS = ["sent", "delivered", "seen", "confirmed", "ready", "arrived", "handed_over"];

const FROZEN = {
  stale_fix: () => gettext("position lost, last estimate"),
  unreachable: () => gettext("no road found"),
};

export const years = (age) => (age === null || age === undefined ? "" : interpolate(gettext("%(years)s years"), { years: age }, true));

function personView({ patient, handover }) {
  const known = patient?.name;
  const about = [patient && patient.sex !== "unknown" ? label("sex", patient.sex) : "", years(patient?.age_years)].filter(Boolean).join(", ");
  return html`<p class="person">
    <b class="one-line">${known || patient?.temporary_number || gettext("unknown")}</b>
    ${known ? "" : html`<span class="chip">${gettext("unknown patient")}</span>`}
    <span>${about}</span>
    <span class="number preadmission" title=${gettext("Pre-admission number")}>${handover.preadmission_number}</span>
    ${handover.visit_number ? html`<span class="visit-number">${gettext("Visit number")} <b class="number">${handover.visit_number}</b></span>` : ""}
    <a class="button small" href="/handovers/${handover.id}/wristband/" target="_blank" rel="noopener">${gettext("Wristband")}</a>
  </p>`;
}

function etaView({ handover, mission }, door) {
  if (handover.times.arrived) {
    return html`<span class="eta-word">${gettext("here since")}</span>
      <time class="eta" data-elapsed=${handover.times.arrived} data-until=${handover.times.handed_over ?? ""} data-warn=${door?.offload_target_s ?? 900} data-late=${Math.max(1800, door?.offload_target_s ?? 0)}></time>
      <span class="eta-word">${paceWord(handover, door)}</span>`;
  }
  const { eta_s, eta_computed_at, eta_note } = mission ?? handover;
  if (eta_note || eta_s === null || eta_s === undefined) {
    const minutes = eta_s === null || eta_s === undefined ? "–" : interpolate(gettext("%(count)s min"), { count: Math.max(1, Math.round(eta_s / 60)) }, true);
    return html`<span class="eta-word frozen">${FROZEN[eta_note]?.() ?? gettext("arrival unknown")}</span><span class="eta frozen">${minutes}</span>
      ${eta_computed_at ? html`<span class="eta-word"><time data-age=${eta_computed_at}></time></span>` : ""}`;
  }
  const range = etaRange(mission ?? handover);
  return html`<span class="eta-word">${gettext("arrival in")}</span><time class="eta" data-countdown=${eta_s} data-from=${eta_computed_at}></time>
    ${range ? html`<span class="eta-word number" title=${rangeMeaning()}>${range}</span>` : ""}`;
}

function givenView({ given, allergies }, { catalogue }) {
  const reference = { catalogue };
  const words = (row) => {
    const { thing, more } = rowWords(row, reference);
    return html`<b>${thing}</b> ${more.join(" · ")}`;
  };
  return html`<ul class="given">
    ${allergies.map((row) => html`<li class="allergy">${gettext("Allergy")}: <b>${valueText(row, catalogue?.elements[row.element])}</b></li>`)}
    ${given.length ? "" : html`<li class="faint">${gettext("No treatment recorded yet")}</li>`}
    ${given.map((row) => html`<li><time data-at=${row.occurred_at}></time> ${words(row)}</li>`)}
  </ul>`;
}

/** What was recorded first stands first: the change is what the cardiologist looks for. */
function ecgsView({ ecgs }) {
  if (!ecgs.length) return "";
  return html`<div class="card-ecgs">${ecgs.map((row) => html`<button type="button" class="button ${row.state === "unreadable" ? "warn" : ""}" data-ecg=${row.id}
    title=${row.state === "unreadable" ? label("ecg_fault", row.fault) : ""} @click=${() => openEcg(row.id)}>${gettext("12-lead ECG")} <time data-at=${row.occurred_at}></time>${row.state === "unreadable" ? html` · ${label("ecg_state", row.state)}` : ""}</button>`)}</div>`;
}

function stepsView(handover) {
  const step = (name) => {
    const at = handover.times[name];
    return html`<li class=${at ? "done" : ""}><span>${label("handover_state", name)}</span>${at ? html`<time data-at=${at}></time>` : html`<span>–</span>`}</li>`;
  };
  return html`<ol class="steps">${STEPS.map(step)}</ol>`;
}

export function cardView(card, state, act) {
  const { handover } = card;
  const { incident, unit } = handover;
  const complaint = label("complaint", incident.complaint);
  const title = card.impression ? label("impression", card.impression) : complaint;
  return html`<article class="card ${handover.times.confirmed ? "" : "fresh"}" data-handover=${handover.state} data-alarm=${handover.times.confirmed ? 0 : (handover.alarm_level ?? 0)}
      data-id=${handover.id} @click=${() => act.seen(handover)}>
    <header>
      <span class="priority big" data-priority=${incident.priority} title=${gettext("Priority")}>${incident.priority}</span>
      <div class="what">
        <h2>${title}</h2>
        <p>${[unit.call_sign, card.impression ? complaint : "", incident.place_label].filter(Boolean).join(" · ")}</p>
      </div>
      <div class="when">${etaView(card, state.board.collections.doors?.[handover.id])}</div>
    </header>
    ${personView(card)}
    <a class="button small card-video" href="/video/${handover.mission_id}/" target="_blank" rel="noopener">▶ ${gettext("Live pictures")}</a>
    <div class="card-monitor" ${ref(act.monitorOf(handover.mission_id))}></div>
    ${ecgsView(card)}
    ${givenView(card, state)}
    ${spokenView(handover.mission_id, state, act)}
    ${ordersView(handover, state, act)}
    ${stepsView(handover)}
    ${answerView(handover, state, act)}
  </article>`;
}

/** An alert that was taken back: it stays until somebody here says that they know. */
export const withdrawnView = (row, act) => html`<article class="notice bad withdrawn" data-id=${row.id}>
  <b>${label("handover_state", row.state)} · ${row.preadmission_number}</b>
  <span>${row.unit.call_sign} · ${label("complaint", row.incident.complaint)}${row.end_reason ? ` · ${label("end_reason", row.end_reason)}` : ""}</span>
  <button type="button" class="button small" @click=${() => act.post(row, "seen")}>${gettext("Understood")}</button>
</article>`;

/** A line of the day's list. No name on the wall once the patient is inside. */
export const finishedView = (row, state, act) => html`<li data-finished=${row.id}>
  <time data-at=${row.times.handed_over}></time>
  <span class="one-line"><b>${row.preadmission_number}</b> ${label("complaint", row.incident.complaint)}</span>
  <a href="/handovers/${row.id}/record/" target="_blank" rel="noopener">${gettext("Record")}</a>
  <a href="/api/missions/${row.mission_id}/record/pdf/?sheet=record&language=${chinese() ? "zh" : "en"}" target="_blank" rel="noopener">PDF</a>
  <span class="one-line faint small">${[row.unit.call_sign, row.bay && interpolate(gettext("bay %(bay)s"), { bay: row.bay }, true), nameOf(row.received_by)].filter(Boolean).join(" · ")}</span>
  <span class="finished-door small">${state.receiving?.id === row.id ? receivingView(row, state, act) : doorLine(row, state.board.collections.doors?.[row.id], act)}</span>
</li>`;
