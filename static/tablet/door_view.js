// What the door and the hospital said back, below the handover: offload clock, signatures, wristband, outcome.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { offloadView } from "../shared/offload.js";
import { label, nameOf } from "../shared/terms.js";
import { now_ms } from "../shared/time.js";

export const doorOf = (state, handover) => state.board.collections.doors?.[handover?.id] ?? null;

const signedBy = (door, side) => door?.signatures?.find((one) => one.side === side) ?? null;

/** Whether this side has put its name under the sheet. */
export const hasSigned = (door, side) => Boolean(signedBy(door, side));

function signaturesView(door) {
  const line = (side, text) => {
    const one = signedBy(door, side);
    return html`<li class=${one ? "signed" : "faint"}>${text} ${one ? html`${nameOf(one.by)} <time data-at=${one.at}></time>${one.remark ? html` · ${one.remark}` : ""}` : gettext("not signed yet")}</li>`;
  };
  return html`<ul class="door-signed">${line("crew", gettext("Crew:"))}${line("hospital", gettext("Hospital:"))}</ul>`;
}

function outcomeView({ outcome, judgement }) {
  if (!outcome && !judgement) return "";
  return html`<div class="door-outcome" role="status">
    ${outcome ? html`<p><b>${gettext("Outcome from the hospital")}</b> <time data-at=${outcome.at}></time></p>
      <p class="big-line">${outcome.diagnosis} ${outcome.diagnosis_code ? html`<span class="number">${outcome.diagnosis_code}</span>` : ""}</p>
      <p>${outcome.disposition ? label("ed_outcome", outcome.disposition) : ""} ${Object.entries(outcome.times).map(([code, at]) => html`<span class="chip">${label("intervention", code)} <time data-at=${at}></time></span>`)}</p>
      ${outcome.note ? html`<p>“${outcome.note}” ${nameOf(outcome.by)}</p>` : ""}` : ""}
    ${judgement ? html`<p>${gettext("The alert was")} <b>${label("verdict", judgement.verdict)}</b>${judgement.text ? html` – ${judgement.text}` : ""}</p>` : ""}
  </div>`;
}

export function doorView(state, handover) {
  const door = doorOf(state, handover);
  if (!door || !(handover.times.arrived || handover.given_at || door.triage || door.wristband || door.outcome || door.judgement)) return "";
  return html`<div class="door">
    ${offloadView(handover, door, now_ms())}
    ${handover.given_at || hasSigned(door, "crew") ? signaturesView(door) : ""}
    ${door.triage ? html`<p>${gettext("Triage of the hospital")} <b>${door.triage.level}</b></p>` : ""}
    ${door.wristband ? html`<p class=${door.wristband.matches ? "" : "door-other"}>${gettext("Wristband")} <b class="number">${door.wristband.code}</b> ${door.wristband.matches ? gettext("same number") : gettext("another number than ours")}</p>` : ""}
    ${outcomeView(door)}
  </div>`;
}
