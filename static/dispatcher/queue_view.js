// Left: calls without an incident, incidents that wait, incidents being served. Every row shows its age.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { list } from "../shared/reduce.js";
import { label } from "../shared/terms.js";
import { missionsOf, openCalls, openIncidents } from "./choose.js";
import { callChip } from "./calls_line.js";
import { etaView } from "./eta_view.js";
import { popButton } from "./pop_button.js";
import { shortNumber } from "./words.js";

function callRow(state, act, call) {
  const draft = state.drafts[call.id];
  return html`<li>
    <button class="row call" aria-current=${state.call === call.id && state.panel === "intake"} @click=${() => act.openCall(call)}>
      <span class="strong">${call.number_from || draft?.number || gettext("Number unknown")}</span>
      <time class="push" data-elapsed=${call.answered_at ?? call.ring_at} data-warn="60" data-late="120"></time>
      <span class="faint small one-line">${draft?.placeText || gettext("No incident yet")}</span>
    </button>
  </li>`;
}

function units(state, incident) {
  const missions = missionsOf(state.board, incident.id).filter((mission) => mission.open);
  if (incident.state === "waiting") return html`<strong class="waiting">${gettext("Waiting for a unit")}</strong>`;
  if (!missions.length) return html`<span class="faint">${gettext("Units done, not closed yet")}</span>`;
  return missions.map(
    (mission) => html`${list(state.board, "alarms").some((alarm) => alarm.mission_id === mission.id) ? html`<b class="chip bad">!!! ${gettext("alarm")}</b> ` : nothing}<span class="status" data-status=${mission.state}
      ><b>${mission.call_sign}</b> ${label("mission_state", mission.state)}${etaView(mission)}</span
    >${callChip(state, mission)}${mission.instead ? html` <b class="chip warn">${mission.instead.because === "nearer" ? gettext("nearer unit") : gettext("no answer")}</b>` : nothing}`,
  );
}

function incidentRow(state, act, incident) {
  const waiting = incident.state === "waiting";
  return html`<li>
    <button class="row incident" data-waiting=${waiting} aria-current=${state.selection.incident === incident.id} @click=${() => act.select(incident.id)}>
      <span class="priority" data-priority=${incident.priority} title=${gettext("Priority")}>${incident.priority}</span>
      <span class="strong one-line">${incident.hazards?.length ? html`<b class="chip bad" title=${incident.hazards.map((one) => one.name).join(", ")}>${gettext("danger zone")}</b> ` : nothing}${label("complaint", incident.complaint)}</span>
      <time class="age" data-age=${incident.opened_at} data-warn=${waiting ? "60" : nothing} data-late=${waiting ? "180" : nothing}></time>
      <span class="place one-line">${incident.place_label}</span>
      <span class="reference faint" title=${incident.number}>${shortNumber(incident.number)}</span>
      <span class="served">${units(state, incident)}</span>
    </button>
  </li>`;
}

const section = (title, count, rows, bad = false) => html`
  <div class="group-head"><h3>${title}</h3><span class="count ${bad && count ? "bad" : ""}">${count}</span></div>
  <ul>${rows}</ul>
`;

export function queueView(state, act) {
  const calls = openCalls(state.board);
  const { waiting, served } = openIncidents(state.board);
  const row = (incident) => incidentRow(state, act, incident);
  return html`
    <div class="panel-head">
      <h2>${gettext("Calls and incidents")}</h2>
      ${act.part ? nothing : html`<button class="button primary small push" @click=${act.newCall}>${gettext("New call")} <kbd>N</kbd></button>`} ${popButton(act, "queue")}
    </div>
    <div class="panel-body" data-rows>
      ${calls.length ? section(gettext("On the line"), calls.length, repeat(calls, (call) => call.id, (call) => callRow(state, act, call))) : nothing}
      ${section(gettext("Waiting"), waiting.length, repeat(waiting, (one) => one.id, row), true)}
      ${waiting.length || !state.board.ready ? nothing : html`<p class="empty small">${gettext("Nobody is waiting.")}</p>`}
      ${section(gettext("Being served"), served.length, repeat(served, (one) => one.id, row))}
      ${served.length || !state.board.ready ? nothing : html`<p class="empty small">${gettext("No unit is on a mission.")}</p>`}
    </div>
  `;
}
