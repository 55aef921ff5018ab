// One inbound patient: who, what, how far, what changed, live vital signs, and the department's answer.

import { etaRange, rangeMeaning } from "../shared/eta_range.js";
import { etaState } from "../shared/eta_state.js";
import { html } from "/static/vendor/lit-html/lit-html.js";
import { ref } from "/static/vendor/lit-html/directives/ref.js";
import { openEcg } from "../shared/ecg/ecg_viewer.js";
import { rowWords, valueText } from "../shared/record/entry_words.js";
import { directOf } from "../shared/pathways/pathway_rules.js";
import { directBanner, pathwayView, suspectView } from "../shared/pathways/pathway_view.js";
import { paceWord } from "../shared/offload.js";
import { chinese, label, nameOf, wordOf } from "../shared/terms.js";
import { now_ms } from "../shared/time.js";
import { newsOf } from "./news.js";
import { answerView } from "./answer_view.js";
import { doorLine, receivingView } from "./door/receive_view.js";
import { ordersView } from "./orders_view.js";
import { spokenView } from "./spoken_view.js";
import { pictureSlot } from "../shared/media/picture_slots.js";
import { soundOfRow } from "../shared/record/media_view.js";

// Offloading is not a step of its own here: the two signatures below say it.
const STEPS = ["sent", "delivered", "seen", "confirmed", "ready", "arrived", "handed_over"];

const FROZEN = {
  stale_fix: () => gettext("position lost, last estimate"),
  unreachable: () => gettext("no road found"),
  off_road: () => gettext("off the road, last estimate"),
  not_renewed: () => gettext("no news, last estimate"),
};

export const years = (age) => (age === null || age === undefined ? "" : interpolate(gettext("%(years)s years"), { years: age }, true));

const minutes = (seconds) => interpolate(gettext("%(count)s min"), { count: Math.max(1, Math.round(seconds / 60)) }, true);

/** Who, in one line that is read from three metres: sex and age first, the name for the wristband. */
function personView({ patient, handover, infectious, allergies }) {
  const known = patient?.name;
  return html`<p class="person">
    <b class="one-line">${known || patient?.temporary_number || gettext("unknown")}</b>
    ${known ? "" : html`<span class="chip">${gettext("unknown patient")}</span>`}
    ${infectious ? html`<span class="chip bad" data-flag="infectious">${gettext("INFECTIOUS")}</span>` : ""}
    ${allergies.length ? html`<span class="chip bad">${gettext("Allergy")}</span>` : ""}
    <span class="number preadmission" title=${gettext("Pre-admission number")}>${handover.preadmission_number}</span>
    ${handover.visit_number ? html`<span class="visit-number">${gettext("Visit number")} <b class="number">${handover.visit_number}</b></span>` : ""}
    <a class="button small wristband" href="/handovers/${handover.id}/wristband/" target="_blank" rel="noopener">${gettext("Wristband")}</a>
  </p>`;
}

/** By the crew, else by what the caller said. */
function aboutOf({ patient, caller }) {
  const sex = [patient?.sex, caller?.patient_sex].find((one) => one && one !== "unknown");
  return [sex ? label("sex", sex) : "", years(patient?.age_years ?? caller?.patient_age_years)].filter(Boolean).join(", ");
}

const ETA = {
  here: ({ handover }, _found, _row, door) => html`<span class="eta-word">${gettext("here since")}</span>
    <time class="eta" data-elapsed=${handover.times.arrived} data-until=${handover.times.handed_over ?? ""} data-warn=${door?.offload_target_s ?? 900} data-late=${Math.max(1800, door?.offload_target_s ?? 0)}></time>
    <span class="eta-word">${paceWord(handover, door)}</span>`,
  scene: (_card, { left_s }) => html`<span class="eta-word frozen">${gettext("still at the scene")}</span><span class="eta frozen">${left_s === null ? "–" : minutes(left_s)}</span>
    <span class="eta-word">${gettext("drive from there")}</span>`,
  unknown: (_card, { reason }) => html`<span class="eta-word frozen">${FROZEN[reason]?.() ?? gettext("arrival unknown")}</span><span class="eta frozen">–</span>`,
  frozen: (_card, { left_s, reason }, row) => html`<span class="eta-word frozen">${FROZEN[reason]?.() ?? reason}</span><span class="eta frozen">${minutes(left_s)}</span>
    <span class="eta-word"><time data-age=${row.eta_computed_at}></time></span>`,
  passed: () => html`<span class="eta-word frozen">${gettext("should be here, not reported")}</span><span class="eta" data-level="late">0:00</span>`,
};
function movingView(_card, { kind }, row) {
  const range = etaRange(row);
  return html`<span class="eta-word">${kind === "near" ? gettext("two minutes out") : gettext("arrival in")}</span><time class="eta" data-countdown=${row.eta_s} data-from=${row.eta_computed_at}></time>
    ${range ? html`<span class="eta-word number" title=${rangeMeaning()}>${range}</span>` : ""}`;
}

function etaView(card, door) {
  const { handover, mission } = card;
  const row = { ...handover, ...(mission && handover.on_board_at ? { eta_s: mission.eta_s, eta_computed_at: mission.eta_computed_at, eta_note: mission.eta_note, eta_low_s: mission.eta_low_s, eta_high_s: mission.eta_high_s } : {}) };
  const found = etaState(row, now_ms());
  return html`<div class="when" data-eta=${found.kind}>${(ETA[found.kind] ?? movingView)(card, found, row, door)}</div>`;
}

/** What changed since this reader's last look: the first thing that a second glance is for. */
function newsView(card, news, state, act) {
  if (!news.count) return "";
  const reference = { catalogue: state.catalogue };
  const words = [
    news.boarded ? gettext("on board now") : "",
    ...news.ecgs.map(() => gettext("12-lead ECG")),
    ...news.warnings.map((row) => `${gettext("Allergy")}: ${valueText(row, state.catalogue?.elements[row.element])}`),
    ...news.rows.map((row) => [rowWords(row, reference).thing, ...rowWords(row, reference).more].join(" ")),
    ...news.pathways.map((one) => wordOf(state.pathways?.[one.kind]) || one.kind),
    ...news.files.map((row) => (soundOfRow(row) ? gettext("Voice note") : gettext("Attachment"))),
    ...news.others.map((row) => `${wordOf(state.catalogue?.elements[row.element]) || row.element} ${valueText(row, state.catalogue?.elements[row.element])}`),
  ].filter(Boolean);
  const shown = words.slice(0, 4);
  return html`<p class="news" data-news=${news.count}><b>${gettext("New")}</b> <span>${shown.join(" · ")}${words.length > shown.length ? ` … +${words.length - shown.length}` : ""}</span>
    <button type="button" class="button small" data-act="read" @click=${(event) => { event.stopPropagation(); act.read(card.handover); }}>${gettext("Read")}</button></p>`;
}

/** Who has been told beside this screen, and whether it reached them. */
function noticesView({ notices }) {
  const told = notices.filter((one) => one.person && one.subject === "alert");
  if (!told.length) return "";
  const done = { delivered: "✓", refused: "✕", waiting: "…", sending: "…" };
  return html`<p class="told">${gettext("Told:")} ${told.map((one) => html`<span class="chip ${one.state === "refused" ? "bad" : ""}">${nameOf(one.person)} · ${label("channel", one.channel)} ${done[one.state] ?? ""}</span>`)}</p>`;
}

function pathwaysView(card, state, act) {
  const given = { catalogue: state.pathways, side: "hospital", act: act.pathways };
  return html`<div class="card-pathways" @click=${(event) => event.stopPropagation()}>${card.pathways.map((one) => pathwayView(one, given))}
    ${suspectView(card.handover.mission_id, card.pathways, given)}</div>`;
}

const documentsView = ({ handover, attachments }) => html`<p class="documents">
  <a href="/api/missions/${handover.mission_id}/record/fhir/" target="_blank" rel="noopener">${gettext("Clinical subset (FHIR)")}</a>
  <a href="/handovers/${handover.id}/record/" target="_blank" rel="noopener">${gettext("Record")}</a>
  <a href="/hypermedia/${handover.mission_id}/" target="_blank" rel="noopener">${gettext("Hypermedia record")}</a>
  ${attachments.map(attachmentView)}
</p>`;

/** A voice note is played where it stands; every other file opens beside. */
function attachmentView(row) {
  const file = row.places.find((place) => place.element === "attachment.reference")?.heads[0];
  if (!file) return "";
  const sound = soundOfRow(row);
  if (sound) return html`<span class="voice">${gettext("Voice note")} <time data-at=${row.occurred_at}></time> ${sound}</span>`;
  return html`<a href="/api/attachments/${file.value}/" target="_blank" rel="noopener">${gettext("Attachment")} <time data-at=${row.occurred_at}></time></a>`;
}

function givenView({ given, allergies }, news, { catalogue }) {
  const reference = { catalogue };
  const words = (row) => {
    const { thing, more } = rowWords(row, reference);
    return html`<b>${thing}</b> ${more.join(" · ")}`;
  };
  return html`<ul class="given">
    ${allergies.map((row) => html`<li class="allergy">${gettext("Allergy")}: <b>${valueText(row, catalogue?.elements[row.element])}</b></li>`)}
    ${given.length ? "" : html`<li class="faint">${gettext("No treatment recorded yet")}</li>`}
    ${given.map((row) => html`<li class=${news.rows.includes(row) ? "new" : ""}><time data-at=${row.occurred_at}></time> ${words(row)}</li>`)}
  </ul>`;
}

/** What was recorded first stands first: the change is what the cardiologist looks for. */
function ecgsView({ ecgs }, news) {
  if (!ecgs.length) return "";
  return html`<div class="card-ecgs">${ecgs.map((row) => html`<button type="button" class="button ${row.state === "unreadable" ? "warn" : ""} ${news.ecgs.includes(row) ? "new" : ""}" data-ecg=${row.id}
    title=${row.state === "unreadable" ? label("ecg_fault", row.fault) : ""} @click=${() => openEcg(row.id)}>${gettext("12-lead ECG")} <time data-at=${row.occurred_at}></time>${row.state === "unreadable" ? html` · ${label("ecg_state", row.state)}` : ""}</button>`)}</div>`;
}

function stepsView(handover) {
  const step = (name) => {
    const at = handover.times[name];
    const who = name === "confirmed" ? handover.confirmed_by : handover.by?.[name];
    return html`<li class=${at ? "done" : ""} title=${nameOf(who)}><span>${label("handover_state", name)}</span>${at ? html`<time data-at=${at}></time>` : html`<span>–</span>`}<small class="one-line">${at ? nameOf(who) : ""}</small></li>`;
  };
  return html`<ol class="steps">${STEPS.map(step)}</ol>`;
}

/** Opened by a person: the crew reads who watches, and that is to mean somebody who looks. */
function picturesView({ mission_id }, state, act) {
  const open = state.pictures.has(mission_id);
  const tap = (event) => {
    event.stopPropagation();
    act.pictures(mission_id, !open);
  };
  return html`<p class="card-video"><button type="button" class="button small" data-act="picture" aria-pressed=${open} @click=${tap}>▶ ${open ? gettext("Close the picture") : gettext("Live picture")}</button>
    <a class="button quiet small" href="/video/${mission_id}/" target="_blank" rel="noopener">${gettext("All cameras")}</a></p>`;
}

export function cardView(card, state, act) {
  const { handover } = card;
  const { incident, unit } = handover;
  const complaint = label("complaint", incident.complaint);
  const [pathway] = card.pathways.filter((one) => one.state === "open");
  const title = pathway ? wordOf(state.pathways?.[pathway.kind]) || label("pathway", pathway.kind) : card.impression ? label("impression", card.impression) : complaint;
  const news = newsOf(card);
  const urgency = (handover.code ?? "").split("-").at(-1) || incident.priority;
  const opened = state.opened === handover.id || state.selected === handover.id;
  return html`<article class="card ${handover.times.confirmed ? "" : "fresh"} ${opened ? "opened" : ""}" data-handover=${handover.state} data-alarm=${handover.times.confirmed ? 0 : (handover.alarm_level ?? 0)}
      data-id=${handover.id} @click=${() => act.seen(handover)}>
    <header>
      <div class="urgency" data-urgency=${urgency} title=${gettext("Urgency")}><b>${urgency}</b></div>
      <div class="what">
        <h2>${title}</h2>
        <p class="about">${aboutOf(card)} <span class="code number" title=${gettext("Allocation code: indication, age, urgency")}>${handover.code}</span></p>
        <p>${[unit.call_sign, title === complaint ? "" : complaint, incident.place_label].filter(Boolean).join(" · ")}</p>
      </div>
      ${etaView(card, state.board.collections.doors?.[handover.id])}
    </header>
    ${directBanner(directOf(card.pathways))}
    ${newsView(card, news, state, act)}
    ${personView(card)}
    ${picturesView(handover, state, act)}
    <div class="card-live"><div class="card-monitor" ${ref(act.monitorOf(handover.mission_id))}></div>
      ${state.pictures.has(handover.mission_id) ? html`<div class="card-picture" @click=${(event) => event.stopPropagation()} ${ref(pictureSlot(handover.mission_id))}></div>` : ""}</div>
    <div class="card-more">
      ${pathwaysView(card, state, act)}
      ${ecgsView(card, news)}
      ${givenView(card, news, state)}
      ${documentsView(card)}
      ${spokenView(handover.mission_id, state, act)}
      ${ordersView(handover, state, act)}
      ${noticesView(handover)}
      ${stepsView(handover)}
    </div>
    ${answerView(handover, state, act)}
    <button type="button" class="button quiet small card-open" aria-expanded=${opened} @click=${(event) => { event.stopPropagation(); act.open(handover.id); }}>${opened ? gettext("Less") : gettext("More")}</button>
  </article>`;
}

/** An alert that was taken back: it stays until somebody here says that they know. */
export const withdrawnView = (row, act) => html`<article class="notice bad withdrawn" data-id=${row.id}>
  <b>${label("handover_state", row.state)} · ${row.preadmission_number}</b>
  <span>${row.unit.call_sign} · ${label("complaint", row.incident.complaint)}${row.end_reason ? ` · ${label("end_reason", row.end_reason)}` : ""}${row.withdrawn_by ? ` · ${nameOf(row.withdrawn_by)}` : ""}</span>
  <button type="button" class="button small" @click=${() => act.post(row, "seen")}>${gettext("Understood")}</button>
</article>`;

/** A line of the day's list. No name on the wall once the patient is inside. */
export const finishedView = (row, state, act) => html`<li data-finished=${row.id}>
  <time data-at=${row.times.handed_over}></time>
  <span class="one-line"><b>${row.preadmission_number}</b> ${label("complaint", row.incident.complaint)}</span>
  <a href="/handovers/${row.id}/record/" target="_blank" rel="noopener">${gettext("Record")}</a>
  <a href="/api/missions/${row.mission_id}/record/pdf/?sheet=record&language=${chinese() ? "zh" : "en"}" target="_blank" rel="noopener">PDF</a>
  <a href="/hypermedia/${row.mission_id}/" target="_blank" rel="noopener" title=${gettext("Hypermedia record")}>▶</a>
  <span class="one-line faint small">${[row.unit.call_sign, row.bay && interpolate(gettext("bay %(bay)s"), { bay: row.bay }, true), nameOf(row.received_by)].filter(Boolean).join(" · ")}</span>
  <span class="finished-door small">${state.receiving?.id === row.id ? receivingView(row, state, act) : doorLine(row, state.board.collections.doors?.[row.id], act)}</span>
</li>`;
