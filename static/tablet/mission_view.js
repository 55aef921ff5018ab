// The head of the working screen: what, where, how far, the one next step, and the way back from a slip.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf } from "../shared/terms.js";
import { standing } from "../shared/record/entries.js";
import { rowWords } from "../shared/record/entry_words.js";
import { rowsOf } from "../shared/record/line_rules.js";
import { hazardView } from "./hazard_view.js";
import { who } from "./calm_view.js";
import { hasGiven } from "./queue_rules.js";
import { postingHead, postingPath, postingStep } from "./posting_view.js";
import { bigStep, endsOf, handoverOf, incidentOf, isPosting, isUnderWay } from "./tablet_state.js";

const STEP = {
  acknowledged: () => gettext("Accept"),
  en_route: () => gettext("Drive off"),
  on_scene: () => gettext("On scene"),
  at_patient: () => gettext("At patient"),
  on_board: () => gettext("ON BOARD"),
  left_scene: () => gettext("Leave scene"),
  at_destination: () => gettext("At hospital"),
  handed_over: () => gettext("Hand over"),
  available: () => gettext("Available"),
};

function etaView(mission) {
  if (mission.eta_s === null || mission.eta_s === undefined) return "–";
  if (mission.eta_note) return html`<span class="faint" title=${gettext("The position is too old.")}>${gettext("no fix")}</span>`;
  return html`<time data-countdown=${mission.eta_s} data-from=${mission.eta_computed_at}></time>`;
}

export function headView(state, mission) {
  const incident = incidentOf(state, mission);
  if (!incident) return "";
  if (isPosting(mission)) return postingHead(mission, incident, etaView);
  return html`<div class="case">
    <span class="priority big" data-priority=${incident.priority} title=${gettext("Priority")}>${incident.priority}</span>
    <div class="case-text">
      <h1 class="one-line">${label("complaint", incident.complaint)} <small>${who(incident)}</small></h1>
      <p class="one-line">${[incident.place_label, incident.place_detail].filter(Boolean).join(" · ")}</p>
      ${incident.caller_note ? html`<p class="one-line faint">${incident.caller_note}</p>` : ""}
      ${hazardView(incident)}
    </div>
    <dl class="case-clocks">
      <div><dt>${gettext("Since assigned")}</dt><dd><time data-elapsed=${mission.times.assigned} data-until=${mission.ended_at ?? ""}></time></dd></div>
      ${isUnderWay(mission) ? html`<div><dt>${mission.times.on_board ? gettext("Hospital in") : gettext("Scene in")}</dt><dd>${etaView(mission)}</dd></div>` : ""}
    </dl>
  </div>`;
}

function overView(mission, act) {
  return html`<div class="steps over">
    <p class="step-over"><span class="status" data-status=${mission.state}>${label("mission_state", mission.state)}</span>
      ${mission.end_reason ? html`<small>${label("end_reason", mission.end_reason)}</small>` : ""}</p>
    ${isPosting(mission) ? "" : html`<a class="button" href="/missions/${mission.id}/record/" target="_blank" rel="noopener">${gettext("Printable record")}</a><a class="button" href="/hypermedia/${mission.id}/" target="_blank" rel="noopener">${gettext("Hypermedia record")}</a><a class="button" href="/tablet/cases/" target="_blank" rel="noopener">${gettext("My cases")}</a>`}
    <button type="button" class="button primary" data-act="done" @click=${() => act.set({ dismissed: mission.id, route: null })}>${gettext("Done")}</button>
  </div>`;
}

function signedView(state, mission, act) {
  const handover = handoverOf(state, mission);
  return html`<div class="steps"><button type="button" class="button primary next" data-act="countersign" @click=${() => act.open("countersign")}>${gettext("Hospital signs here")}</button><p class="step-over" role="status">${gettext("Signed. Waiting for the hospital’s name…")}
    <small>${nameOf(state.board.collections.hospitals?.[handover.hospital_id])}</small></p></div>`;
}

function endButton(mission, ends, act) {
  if (!ends.length) return "";
  const [only] = ends;
  const open = ends.length === 1 ? { sheet: "reason", reasonFor: only } : { sheet: "ends" };
  return html`<button type="button" class="button out" data-step=${ends.length === 1 ? only : "ends"} @click=${() => act.set(open)}>${ends.length === 1 ? label("fact", only) : gettext("No transport…")}</button>`;
}

export function stepsView(state, mission, act) {
  const step = bigStep(mission);
  if (!mission.open || !step) return overView(mission, act);
  if (step === "handed_over" && hasGiven(handoverOf(state, mission), state.jobs)) return signedView(state, mission, act);
  return html`<div class="steps">
    <button type="button" class="button primary next" data-step=${step} @click=${() => act.next(mission, step)}>${postingStep(mission, step) ?? STEP[step]()}</button>
    ${endButton(mission, endsOf(mission), act)}
  </div>`;
}

/** The steps so far as a line with their times. */
export function pathView(mission) {
  if (isPosting(mission)) return postingPath(mission);
  const steps = ["assigned", ...Object.keys(STEP)];
  return html`<ol class="path" aria-label=${gettext("Mission")}>
    ${steps.map((step) => html`<li data-status=${step} class="${mission.times[step] ? "done" : ""} ${mission.state === step ? "now" : ""}">
      <span>${label("mission_state", step)}</span>${mission.times[step] ? html`<time data-at=${mission.times[step]}></time>` : html`<span>–</span>`}
    </li>`)}
  </ol>`;
}

/** 'Aspirin 300 mg Oral', 'Weight: 70 kg': the first row of what was just written. */
function writtenText(rows, reference) {
  const [row] = rowsOf(standing(rows, reference.catalogue?.elements ?? {}));
  const { kind, thing, more } = rowWords(row, reference);
  const about = row.places.length === 1 && thing ? `${kind}: ` : "";
  return about + [thing || kind, ...more].join(" ");
}

export function undoView(state, act) {
  if (!state.undo) return "";
  return html`<div class="undo" role="status">
    <span>${interpolate(gettext("Recorded: %(status)s"), { status: state.undo.rows ? writtenText(state.undo.rows, state.reference) : label("fact", state.undo.fact) }, true)}</span>
    <button type="button" class="button" data-act="undo" @click=${act.undo}>${gettext("Undo")}</button>
    <i class="undo-left"></i>
  </div>`;
}
