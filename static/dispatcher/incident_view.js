// The selected incident: what, where, its clocks, its units, and whom to send.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { item, list } from "../shared/reduce.js";
import { duration } from "../shared/time.js";
import { label, nameOf } from "../shared/terms.js";
import { askPlace, askView } from "./ask_view.js";
import { handoverOf, missionsOf } from "./choose.js";
import { clocksOf } from "./clocks.js";
import { currentIncident } from "./console_state.js";
import { missionView } from "./mission_view.js";
import { sameEventView } from "./same_event_view.js";
import { recommendationView } from "./recommendation_view.js";

const CLOCK_NAMES = {
  answer: () => gettext("Ring → answer"),
  assign: () => gettext("Answer → unit"),
  en_route: () => gettext("Unit → wheels"),
  on_scene: () => gettext("Unit → scene"),
  confirm: () => gettext("Aboard → ED confirms"),
  offload: () => gettext("At ED → handed over"),
};

function clockCell({ code, from, until, target_s, abandoned }) {
  const running = from && !until && !abandoned;
  const time = from && !abandoned
    ? html`<time data-elapsed=${from} data-until=${until ?? nothing} data-late=${target_s ?? nothing}></time>`
    : html`<span class="faint">–</span>`;
  return html`<div class="clock" data-running=${Boolean(running)}>
    <dt>${CLOCK_NAMES[code]()}</dt>
    <dd>${time}${target_s ? html`<small class="faint number"> / ${duration(target_s)}</small>` : nothing}</dd>
  </div>`;
}

function patientLine(incident) {
  const age = incident.patient_age_years;
  const parts = [
    incident.patient_sex && incident.patient_sex !== "unknown" ? label("sex", incident.patient_sex) : "",
    age === null || age === undefined ? "" : interpolate(ngettext("%(count)s year", "%(count)s years", age), { count: age }, true),
  ].filter(Boolean);
  return parts.length ? html`<span class="chip">${parts.join(" · ")}</span>` : nothing;
}

function head(state, act, incident) {
  return html`<header class="incident-head">
    <span class="priority big" data-priority=${incident.priority}>${incident.priority}</span>
    <div class="grow">
      <h2>${label("complaint", incident.complaint)}</h2>
      <p class="strong">${incident.place_label}</p>
      ${incident.destination_id ? html`<p class="transfer-to">→ ${nameOf(item(state.board, "hospitals", incident.destination_id))}</p>` : nothing}
      ${incident.place_detail ? html`<p class="muted">${incident.place_detail}</p>` : nothing}
      <p class="line small">
        <span class="faint">${incident.number}</span> ${patientLine(incident)}
        ${incident.calls > 1 ? html`<span class="chip">${interpolate(ngettext("%(count)s call", "%(count)s calls", incident.calls), { count: incident.calls }, true)}</span>` : nothing}
        <time class="faint" data-age=${incident.opened_at}></time>
      </p>
      ${incident.caller_note ? html`<p class="note">${incident.caller_note}</p>` : nothing}
    </div>
    <button class="button quiet small" @click=${act.back} aria-label=${gettext("Close panel")}><kbd>Esc</kbd></button>
  </header>`;
}

/** The place lies in a danger zone: said before anything else, in words. */
const hazardView = (incident) =>
  incident.hazards?.length
    ? html`<p class="notice bad" role="alert" data-act="hazard"><b>${interpolate(gettext("Danger zone: %(zones)s"), { zones: incident.hazards.map((one) => one.name).join(", ") }, true)}</b> <span class="small">${gettext("The crew is warned as well.")}</span></p>`
    : nothing;

function notesView(state, act, incident) {
  const keep = (event) => event.key === "Enter" && !event.isComposing && state.noteText.trim() && (event.preventDefault(), act.addNote(state.noteText));
  return html`<section class="notes" aria-label=${gettext("Notes")}>
    ${(incident.notes ?? []).map((one) => html`<p class="note small"><time class="faint number" data-at=${one.at}></time> ${one.text} <span class="faint">${nameOf(one.by)} · <time data-age=${one.at}></time></span></p>`)}
    ${incident.state === "closed" ? nothing : html`<input id="note-text" class="input small" maxlength="500" autocomplete="off" .value=${state.noteText} placeholder=${gettext("Note for desk and crew, then ⏎")} aria-label=${gettext("Note for desk and crew")} @input=${(event) => act.set({ noteText: event.target.value })} @keydown=${keep} />`}
  </section>`;
}

export function incidentView(state, act) {
  const incident = currentIncident(state);
  if (!incident) return html`<p class="empty">${state.awaited === state.selection.incident ? "" : gettext("This incident is not on the board any more.")}</p>`;
  const missions = missionsOf(state.board, incident.id);
  const calls = list(state.board, "calls").filter((call) => call.incident_id === incident.id);
  const handovers = missions.map((mission) => handoverOf(state.board, mission.id)).filter(Boolean);
  const open = missions.some((mission) => mission.open);
  return html`
    <div class="panel-body">
      ${head(state, act, incident)}
      ${hazardView(incident)} ${notesView(state, act, incident)}
      ${sameEventView(state, act, incident, calls)}
      <dl class="clocks">${clocksOf({ incident, calls, missions, handovers, doors: state.board.collections.doors }).map(clockCell)}</dl>
      ${askPlace(state.ask) === "incident" ? askView(state, act) : nothing}
      ${open ? nothing : recommendationView(state, act)}
      <div class="missions">${repeat(missions, (mission) => mission.id, (mission) => missionView(state, act, mission))}</div>
      ${open ? recommendationView(state, act) : nothing}
    </div>
    <div class="panel-foot buttons">
      <button class="button small" @click=${() => act.recommend()}>${open ? gettext("Send another unit") : gettext("Recommend units")} <kbd>R</kbd></button>
      <button class="button small" @click=${act.showOnMap}>${gettext("Show on map")} <kbd>M</kbd></button>
      <button class="button quiet small push" ?disabled=${open} @click=${act.askClose}>${gettext("Close incident…")}</button>
    </div>
  `;
}
