// A crew that rings at this department: answered or declined on the wall, spoken with at the consult's desk.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { askedAt, ringsAt } from "../shared/consult/call_rules.js";
import { list } from "../shared/reduce.js";
import { label } from "../shared/terms.js";

const ringing = (state, hospitalId) => list(state.board, "consults").filter((one) => one.state !== "ended" && ringsAt(one, { id: null, hospitalId }));

/** The ringing parties that have not sounded here. */
export const ringingIds = (state, hospitalId) => ringing(state, hospitalId).flatMap((one) => one.parties.filter((party) => party.state === "ringing" && !state.heard.has(party.id)).map((party) => party.id));

export const callsView = (state, hospitalId, act) => ringing(state, hospitalId).map((consult) => html`<article class="ed-call" data-ringing=${consult.id} role="alertdialog" aria-label=${gettext("Incoming call")}>
  <b>${gettext("Incoming call")}</b> <span class="priority" data-priority=${consult.priority}>${consult.priority}</span>
  <span>${consult.call_sign} · ${label("complaint", consult.complaint)}${consult.reason ? ` · “${consult.reason}”` : ""}</span> <time data-age=${askedAt(consult)} data-warn="15" data-late="30"></time>
  <button type="button" class="button primary" data-act="answer" @click=${() => act.answer(consult)}>${gettext("Answer")}</button>
  <button type="button" class="button danger" data-act="decline-call" @click=${() => act.declineCall(consult)}>${gettext("Not now")}</button>
</article>`);
