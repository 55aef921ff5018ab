// A posting on the tablet: where to wait, how far it is, and that an emergency comes first.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, placeOf } from "../shared/terms.js";
import { isPosting, isUnderWay } from "./tablet_state.js";

const STEPS = ["assigned", "acknowledged", "en_route", "on_scene", "available"];

const stepName = (step) => (step === "on_scene" ? gettext("At the waiting point") : label("mission_state", step));

/** Why a dispatcher sends it; a proposal that was accepted has its reason in what it covers. */
const why = (incident) => {
  const reason = incident.reasons?.find((one) => one.startsWith("posting:"));
  return reason ? label("post_reason", reason.slice("posting:".length)) : "";
};

/** The name of the big button where a posting has its own, else null. */
export function postingStep(mission, step) {
  if (!isPosting(mission)) return null;
  return { on_scene: gettext("At the waiting point"), available: gettext("End the posting") }[step] ?? null;
}

export function postingHead(mission, incident, etaView) {
  return html`<div class="case" data-posting=${mission.kind}>
    <div class="case-text">
      <h1 class="one-line">${label("incident_kind", mission.kind)} <small>${gettext("You stay free for emergencies.")}</small></h1>
      <p class="one-line">${[placeOf(incident), why(incident)].filter(Boolean).join(" · ")}</p>
    </div>
    <dl class="case-clocks">
      <div><dt>${gettext("Since assigned")}</dt><dd><time data-elapsed=${mission.times.assigned} data-until=${mission.ended_at ?? ""}></time></dd></div>
      ${isUnderWay(mission) ? html`<div><dt>${gettext("There in")}</dt><dd>${etaView(mission)}</dd></div>` : ""}
    </dl>
  </div>`;
}

export function postingPath(mission) {
  return html`<ol class="path" aria-label=${gettext("Mission")}>
    ${STEPS.map((step) => html`<li data-status=${step} class="${mission.times[step] ? "done" : ""} ${mission.state === step ? "now" : ""}">
      <span>${stepName(step)}</span>${mission.times[step] ? html`<time data-at=${mission.times[step]}></time>` : html`<span>–</span>`}
    </li>`)}
  </ol>`;
}

/** The order that asks for an answer. */
export function postingOrder(mission, incident, way, act) {
  return html`<div class="order" role="alertdialog" aria-label=${gettext("New posting")} data-posting=${mission.kind}>
    <p class="order-new"><span>${gettext("New posting")}</span> <span class="number">${mission.number}</span> <time data-elapsed=${mission.times.assigned} data-warn="60" data-late="120"></time></p>
    <p class="order-what"><span>${label("incident_kind", mission.kind)}</span> <small>${gettext("Without blue light. You stay free for emergencies.")}</small></p>
    <p class="order-where">${placeOf(incident)}</p>
    ${why(incident) ? html`<p class="order-detail">${why(incident)}</p>` : ""}
    <p class="order-way">${way}</p>
    <div class="order-answer">
      <button type="button" class="button primary next" data-step="acknowledged" @click=${() => act.fact(mission, "acknowledged")}>${gettext("Accept")}</button>
      <button type="button" class="button out" data-step="declined" @click=${() => act.set({ sheet: "reason", reasonFor: "declined" })}>${gettext("Decline")}</button>
    </div>
  </div>`;
}
