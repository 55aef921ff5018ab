// A crew's call to a physician or a hospital, as the control room sees it: with whom, since when, never about what.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { callOf, calledOf } from "../shared/consult/call_rules.js";
import { list } from "../shared/reduce.js";
import { label, nameOf } from "../shared/terms.js";

const openCall = (state, mission) => callOf(list(state.board, "consults"), mission.id);

const peopleOf = (call) => calledOf(call).map((party) => nameOf(party.user) || nameOf(party.hospital));
const wantedOf = (call) => call.requests.map((one) => (one.specialty ? label("specialty", one.specialty) : nameOf(one.hospital)));

/** In the queue's row: that the crew speaks with somebody, or waits for somebody. */
export function callChip(state, mission) {
  const call = openCall(state, mission);
  if (!call) return nothing;
  return html` <b class="chip ${call.state === "talking" ? "ok" : "warn"}" data-consult=${call.state}>☎ ${label("consult_state", call.state)}</b>`;
}

/** In the mission: with whom and since when; for whom they wait. */
export function callLine(state, mission) {
  const call = openCall(state, mission);
  if (!call) return nothing;
  const waits = call.state === "talking" ? "" : wantedOf(call).join(", ");
  return html`<p class="line call-line" data-consult=${call.state}><span class="chip ${call.state === "talking" ? "ok" : "warn"}">☎ ${label("consult_state", call.state)}</span>
    <b class="one-line">${peopleOf(call).join(", ")}</b> ${waits ? html`<span class="faint">${waits}</span>` : nothing}
    <time class="push" data-age=${call.opened_at} data-warn=${call.state === "talking" ? nothing : "60"} data-late=${call.state === "talking" ? nothing : "180"}></time></p>`;
}
