// One mission of the selected incident: where it is, when it arrives, what the hospital says, the live vital signs.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { ref } from "/static/vendor/lit-html/directives/ref.js";
import { item, list } from "../shared/reduce.js";
import { MISSION_PATH } from "../shared/status.js";
import { clock, duration } from "../shared/time.js";
import { activeOf, directOf } from "../shared/pathways/pathway_rules.js";
import { directBanner, pathwayView, suspectView } from "../shared/pathways/pathway_view.js";
import { label, nameOf } from "../shared/terms.js";
import { handoverOf } from "./choose.js";
import { stepsOf } from "./clocks.js";
import { etaNote, etaView, rangeView, travelling } from "./eta_view.js";
import { hospitalsView } from "./hospitals_view.js";
import { pictureSlot } from "../shared/media/picture_slots.js";
import { callLine } from "./calls_line.js";
import { vitalsSlot } from "./vitals_slot.js";

const WITH_PATIENT = new Set(["at_patient", "on_board", "left_scene", "at_destination", "handed_over"]);
const BEFORE_DOOR = new Set(["on_scene", "at_patient", "on_board", "left_scene"]);
const BEFORE_BOARD = new Set(["assigned", "acknowledged", "en_route", "on_scene", "at_patient"]);

// Which ends the server's transition table allows now.
const may = (mission, state) => mission.next?.includes(state);

const step = ({ state, at, after_s }) => html`<li>
  <span class="status plain" data-status=${state}>${label("mission_state", state)}</span>
  <span class="number faint">${after_s === null ? "" : `+${duration(after_s)}`}</span>
  <span class="number">${clock(at)}</span>
</li>`;

/** Who of the hospital has been told so far, while nobody has confirmed. */
function toldNames(handover) {
  const told = handover.times.confirmed ? [] : handover.notices.filter((one) => one.person && one.subject === "alert");
  return told.length ? html`<span class="faint small">${gettext("Told:")} ${told.map((one) => `${nameOf(one.person)} (${label("channel", one.channel)})`).join(", ")}</span>` : nothing;
}

function handoverLine(state, mission) {
  const hospital = item(state.board, "hospitals", mission.destination_id);
  if (!hospital) return nothing;
  const handover = handoverOf(state.board, mission.id);
  return html`<div class="line">
    <span class="faint">${gettext("To")}</span> <b class="one-line">${nameOf(hospital)}</b>
    ${hospital.divert ? html`<span class="chip warn">${gettext("on divert")}</span>` : nothing}
    ${handover
      ? html`<span class="status push" data-handover=${handover.state}>${label("handover_state", handover.state)}</span>
          ${handover.confirmed_by ? html`<span class="faint small">${nameOf(handover.confirmed_by)}</span>` : nothing}
          ${handover.alarm_level ? html`<span class="chip bad">${gettext("not confirmed in time")}</span>` : nothing}
          <span class="chip number" title=${gettext("Allocation code: indication, age, urgency")}>${handover.code}</span>
          ${toldNames(handover)}
          ${handover.bay ? html`<span class="chip ok">${handover.bay}</span>` : nothing}`
      : nothing}
  </div>`;
}

/** What the desk may know of the pathways: that there is one, its clocks and teams, where the crew goes. */
function pathwaysPart(state, act, mission) {
  const active = activeOf(state.board.collections.pathways, mission.id);
  if (!mission.open && !active.length) return nothing;
  const given = { catalogue: state.pathways, side: "desk", act: act.pathways };
  return html`<div class="pathways small">${directBanner(directOf(active))}${active.map((one) => pathwayView(one, given))}${mission.open ? suspectView(mission.id, active, given) : nothing}</div>`;
}

/** Hospitals that were let go, and whether both sides know; the desk must not have to telephone after it. */
function leftLines(state, mission) {
  const left = list(state.board, "handovers").filter((row) => row.mission_id === mission.id && ["redirected", "cancelled"].includes(row.state));
  return left.map((row) => html`<p class="small line" data-left=${row.id}><span class="faint">${label("handover_state", row.state)}:</span> ${nameOf(item(state.board, "hospitals", row.hospital_id))}
    ${row.withdrawal_seen_at ? html`<span class="chip ok">${interpolate(gettext("ED knows: %(name)s"), { name: nameOf(row.withdrawal_seen_by) }, true)}</span>` : html`<span class="chip warn">${gettext("ED has not read it")}</span>`}
    ${row.crew_told_at ? html`<span class="chip ok">${interpolate(gettext("crew knows: %(name)s"), { name: nameOf(row.crew_told_by) }, true)}</span>` : html`<span class="chip warn">${gettext("crew has not read it")}</span>`}</p>`);
}

/** The crew has not reacted: call them. What the alarm is about is not this desk's. */
function alarmLine(state, mission) {
  const waiting = list(state.board, "alarms").filter((alarm) => alarm.mission_id === mission.id);
  if (!waiting.length) return nothing;
  const since = waiting.map((alarm) => alarm.since).sort()[0];
  return html`<p class="notice bad" role="alert" data-act="alarm"><b>${gettext("Alarm at the patient, nobody has acknowledged it")}</b> <time data-age=${since}></time></p>`;
}

/** Another unit is proposed: nobody has acknowledged in time, or one that became free is nearer. One press away. */
function insteadLine(act, mission) {
  const { instead } = mission;
  if (!instead) return nothing;
  const nearer = instead.because === "nearer";
  const next = interpolate(gettext("%(unit)s could be there in %(time)s"), { unit: instead.call_sign, time: duration(instead.response_s) }, true);
  const gain = nearer ? interpolate(gettext("%(time)s earlier"), { time: duration(instead.gain_s) }, true) : nothing;
  return html`<div class="notice warn" role="alert" data-act="instead" data-because=${instead.because}>
    <b>${nearer ? gettext("A nearer unit is free") : gettext("The crew does not answer")}</b>
    <span class="small">${next}${nearer ? html`, <b>${gain}</b> <time class="faint" data-age=${instead.made_at}></time>` : nothing}</span>
    <span class="buttons"><button class="button small" @click=${() => act.sendInstead(mission)}>${interpolate(gettext("Send %(unit)s instead"), { unit: instead.call_sign }, true)}</button>
      ${nearer ? html`<button class="button small" data-act="keep" @click=${() => act.keepUnit(mission)}>${interpolate(gettext("Keep %(unit)s"), { unit: mission.call_sign }, true)}</button>` : nothing}</span></div>`;
}

/** How long the mission stands in this state; late once it is overdue. */
function overdueLine(mission) {
  const since = mission.times[mission.state];
  if (!mission.open || !since || !mission.overdue_s) return nothing;
  return html`<p class="small faint">${gettext("In this status for")} <time data-age=${since} data-late=${mission.overdue_s}></time></p>`;
}

function flags(mission) {
  return (mission.flags ?? []).map((code) => html`<span class="chip warn">${label("contradiction", code)}</span>`);
}

export function missionView(state, act, mission) {
  const showEta = travelling(mission) && mission.eta_s !== null && mission.eta_s !== undefined;
  return html`<article class="mission" data-open=${mission.open}>
    <header class="line">
      <button class="link-button strong" @click=${() => act.selectUnit({ id: mission.unit_id })}>${mission.call_sign}</button>
      <span class="status" data-status=${mission.state}>${label("mission_state", mission.state)}</span>
      ${mission.end_reason ? html`<span class="faint small">${label("end_reason", mission.end_reason)}</span>` : nothing} ${flags(mission)}
      ${showEta
        ? html`<span class="push eta-big"><span class="faint small">${BEFORE_BOARD.has(mission.state) ? gettext("at the scene in") : gettext("at the hospital in")}</span> ${etaView(mission)} ${rangeView(mission)}</span>`
        : nothing}
    </header>
    ${travelling(mission) && mission.eta_note ? html`<p class="small error">${etaNote(mission)}</p>` : nothing}
    ${insteadLine(act, mission)} ${overdueLine(mission)}
    ${alarmLine(state, mission)}
    ${callLine(state, mission)}
    ${handoverLine(state, mission)} ${leftLines(state, mission)}
    ${pathwaysPart(state, act, mission)}
    ${mission.open && BEFORE_DOOR.has(mission.state) ? hospitalsView(state, act, mission) : nothing}
    <ol class="steps small">${stepsOf(mission, MISSION_PATH).map(step)}</ol>
    ${mission.open && WITH_PATIENT.has(mission.state) ? html`<div class="vitals-slot" ${ref(vitalsSlot(mission.id))}></div>` : nothing}
    ${mission.open && state.picture === mission.id ? html`<div class="picture-slot" ${ref(pictureSlot(mission.id))}></div>` : nothing}
    ${mission.open
      ? html`<div class="buttons">
          <button class="button small" data-act="picture" aria-pressed=${state.picture === mission.id} @click=${() => act.showPicture(mission)}>▶ ${state.picture === mission.id ? gettext("Close the picture") : gettext("Live picture")}</button>
          <a class="button small" href="/video/${mission.id}/" target="_blank" rel="noopener">${gettext("All cameras")}</a>
          <button class="button small" @click=${() => act.askStatus(mission)}>${gettext("Status by radio…")}</button>
          ${may(mission, "diverted") ? html`<button class="button small" @click=${() => act.askDivert(mission)}>${gettext("Use unit elsewhere…")}</button>` : nothing}
          ${may(mission, "cancelled") ? html`<button class="button small danger" @click=${() => act.askCancel(mission)}>${gettext("Cancel mission…")}</button>` : nothing}
        </div>`
      : nothing}
  </article>`;
}
