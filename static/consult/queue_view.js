// Who rings, who waits, who else is on call: the left side of the desk.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { askedAt } from "../shared/consult/call_rules.js";
import { label, nameOf } from "../shared/terms.js";
import { dayAndClock } from "../shared/time.js";

const about = (consult) => [consult.patient_sex && consult.patient_sex !== "unknown" ? label("sex", consult.patient_sex) : "", Number.isFinite(consult.patient_age_years) ? interpolate(gettext("%(years)s years"), { years: consult.patient_age_years }, true) : ""].filter(Boolean).join(", ");
const wanted = (consult) => consult.requests.map((one) => (one.specialty ? label("specialty", one.specialty) : nameOf(one.hospital))).join(", ");

const headView = (consult) => html`<p class="call-what"><span class="priority" data-priority=${consult.priority}>${consult.priority}</span> <b>${label("complaint", consult.complaint)}</b> <span>${about(consult)}</span></p>
  <p class="faint">${consult.call_sign} · ${wanted(consult)}${consult.requests[0]?.transfer ? ` · ${gettext("handed on")}` : ""}</p>
  ${consult.reason ? html`<p class="call-reason">“${consult.reason}”</p>` : ""}`;

export function ringingView(consult, state, act) {
  const declining = state.declining === consult.id;
  return html`<article class="ringing" data-ringing=${consult.id} role="alertdialog" aria-label=${gettext("Incoming call")}>
    <p class="ringing-head"><b>${gettext("Incoming call")}</b> <time data-age=${askedAt(consult)} data-warn="15" data-late="30"></time></p>
    ${headView(consult)}
    ${declining
      ? html`<p>${gettext("Why not?")}</p><div class="buttons">${["busy", "other_specialty", "away"].map((code) => html`<button type="button" class="button small" data-decline=${code} @click=${() => act.decline(consult, code)}>${label("decline_reason", code)}</button>`)}</div>`
      : html`<div class="ringing-answer"><button type="button" class="button primary accept" data-act="accept" @click=${() => act.accept(consult)}>${gettext("Accept the call")}</button>
          <button type="button" class="button danger" data-act="decline" @click=${() => act.set({ declining: consult.id })}>${gettext("Not now")}</button></div>`}
  </article>`;
}

/** The middle of the desk while nobody is spoken with: who rings, else the clock. */
export const idleView = (rings, state, act) => (rings.length
  ? html`<div class="rings">${rings.map((one) => ringingView(one, state, act))}</div>`
  : html`<time data-clock></time><p>${gettext("No consult is open. A call rings here.")}</p>`);

export const waitingView = (consult, busy, act) => html`<li class="waiting" data-waiting=${consult.id}>
  ${headView(consult)}
  <p class="waiting-foot"><span>${label("consult_state", consult.state)}</span> <time data-age=${askedAt(consult)} data-warn="60" data-late="180"></time>
    <button type="button" class="button small" data-act="take" ?disabled=${busy} @click=${() => act.accept(consult)}>${gettext("Take")}</button></p>
</li>`;

function deskOf(one) {
  if (one.busy) return ["warn", gettext("in a call")];
  if (!one.present) return ["", gettext("not at the desk")];
  return one.available ? ["ok", gettext("ready")] : ["", gettext("away")];
}

export const rosterView = (physicians) => html`<ol class="roster">${physicians.map((one) => {
  const [level, text] = deskOf(one);
  return html`<li data-physician=${one.id}><span class="rank">${one.rank}</span><b class="one-line">${nameOf(one)}</b><span class="chip ${level}">${text}</span>
    <small>${one.specialties.map((code) => label("specialty", code)).join(", ")} · ${gettext("until")} ${dayAndClock(one.until)}</small></li>`;
})}${physicians.length ? "" : html`<li class="empty">${gettext("Nobody is on call.")}</li>`}</ol>`;
