// A pathway as crew, desk and hospital see it: what, by whom, its clocks, its teams, its checklist. One view for all.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf, termsOf, wordOf } from "../terms.js";
import { clocksOf, itemsOf, kindsLeft, progressOf, teamsOf } from "./pathway_rules.js";

const by = (text, person) => interpolate(text, { name: nameOf(person) }, true);
const reasonsOf = (checklist, pathway) => pathway.reasons.map((code) => wordOf(checklist?.reasons[code]) || code).join(" · ");

function clockView(clock) {
  const late = clock.target_s || "";
  return html`<div class="pw-clock" data-running=${!clock.ended_at} title=${clock.source ?? ""}>
    <dt>${wordOf(clock)}</dt>
    <dd><time data-elapsed=${clock.started_at} data-until=${clock.ended_at ?? ""} data-warn=${clock.target_s ? Math.round(clock.target_s * 0.7) : ""} data-late=${late}></time>${clock.target_s ? html`<small>/ ${interpolate(gettext("%(count)s min"), { count: Math.round(clock.target_s / 60) }, true)}</small>` : nothing}</dd>
  </div>`;
}

export const clocksView = (checklist, pathway) => html`<dl class="pw-clocks">${clocksOf(checklist, pathway).map(clockView)}</dl>`;

function teamView(team, act, side) {
  const accepted = team.accepted_at;
  return html`<li class="pw-team" data-team=${team.team} data-accepted=${Boolean(accepted)}>
    <b>${label("pathway_team", team.team)}</b>
    <span>${by(gettext("called by %(name)s"), team.activated_by)} <time data-at=${team.activated_at}></time></span>
    ${accepted ? html`<span class="pw-ok">${by(gettext("accepted by %(name)s"), team.accepted_by)} <time data-at=${accepted}></time></span>` : html`<span class="pw-wait">${gettext("not accepted for")} <time data-elapsed=${team.activated_at} data-warn="60" data-late="120"></time></span>`}
    ${side === "hospital" && !accepted ? html`<button type="button" class="button primary" data-act="accept-team" @click=${() => act.acceptTeam(team)}>${gettext("Take it for the team")}</button>` : nothing}
    <button type="button" class="button quiet small" @click=${() => act.standDown(team)}>${gettext("Stand down")}</button>
  </li>`;
}

function teamsView(checklist, pathway, act, side) {
  const called = teamsOf(pathway);
  const wanted = checklist?.team;
  return html`<ul class="pw-teams">${called.map((team) => teamView(team, act, side))}</ul>
    ${wanted && !called.some((one) => one.team === wanted) ? html`<button type="button" class="button" data-act="call-team" @click=${() => act.callTeam(pathway, wanted)}>${interpolate(gettext("Call: %(team)s"), { team: label("pathway_team", wanted) }, true)}</button>` : nothing}`;
}

/** Where the crew goes instead of the emergency department: said big, with the name behind it. */
export const directBanner = (pathway) =>
  pathway ? html`<p class="pw-direct" role="status" data-direct=${pathway.direct_to}><b>${interpolate(gettext("Directly to: %(place)s"), { place: label("pathway_direct", pathway.direct_to) }, true)}</b> <span>${by(gettext("decided by %(name)s"), pathway.direct_by)} <time data-at=${pathway.direct_at}></time></span></p>` : nothing;

function directView(checklist, pathway, act, side) {
  if (side !== "hospital" || !checklist?.direct.length) return nothing;
  if (pathway.direct_to) return html`<button type="button" class="button quiet small" data-act="to-ed" @click=${() => act.direct(pathway, "")}>${gettext("Back to the emergency department")}</button>`;
  return checklist.direct.map((to) => html`<button type="button" class="button" data-act="direct" data-to=${to} @click=${() => act.direct(pathway, to)}>${interpolate(gettext("Past the ED: %(place)s"), { place: label("pathway_direct", to) }, true)}</button>`);
}

function itemView({ item, tick }, pathway, act, mayTick) {
  const answer = tick?.answer;
  const press = (next) => act.tick(pathway, item.code, answer === next ? "taken_back" : next);
  return html`<li class="pw-item" data-item=${item.code} data-answer=${answer ?? ""}>
    ${mayTick ? html`<button type="button" class="pw-tick" aria-pressed=${answer === "done"} aria-label=${wordOf(item)} @click=${() => press("done")}>${answer === "done" ? "✓" : answer === "not_applicable" ? "–" : answer === "not_done" ? "✕" : ""}</button>` : html`<span class="pw-tick" aria-hidden="true">${answer === "done" ? "✓" : answer === "not_applicable" ? "–" : answer === "not_done" ? "✕" : ""}</span>`}
    <span class="pw-words">${wordOf(item)}
      ${tick ? html`<small>${answer === "done" ? "" : `${label("pathway_answer", answer)} · `}<time data-at=${tick.at}></time> ${tick.by ? nameOf(tick.by) : gettext("by the record")}</small>` : nothing}</span>
    ${mayTick && !answer ? html`<button type="button" class="button quiet small" @click=${() => press("not_applicable")}>${gettext("Not applicable")}</button>` : nothing}
  </li>`;
}

function endView(pathway, act) {
  const end = (event) => {
    const reason = event.target.value;
    if (reason) act.end(pathway, reason, !["completed", "died"].includes(reason));
    event.target.value = "";
  };
  return html`<label class="pw-end"><span class="visually-hidden">${gettext("End this pathway")}</span><select class="input" data-act="end-pathway" @change=${end}>
    <option value="">${gettext("End, because…")}</option>${termsOf("pathway_end").map(([code, text]) => html`<option value=${code}>${text}</option>`)}</select></label>`;
}

const openedBy = (pathway) => (pathway.opened_by ? by(gettext("opened by %(name)s"), pathway.opened_by) : gettext("opened by the record"));

/** One pathway. side: crew | hospital | desk; only the first two tick, only the hospital accepts and directs. */
export function pathwayView(pathway, { catalogue, side, act, open = false }) {
  const checklist = catalogue?.[pathway.kind];
  const name = wordOf(checklist) || pathway.kind;
  if (pathway.state === "proposed") {
    return html`<section class="pw proposed" data-pathway=${pathway.kind} data-state="proposed">
      <p><b>${interpolate(gettext("%(pathway)s?"), { pathway: name }, true)}</b> <span>${gettext("proposed by the record")} ${reasonsOf(checklist, pathway)}</span></p>
      <p class="buttons"><button type="button" class="button primary" data-act="confirm-pathway" @click=${() => act.open(pathway.mission_id, pathway.kind)}>${gettext("Confirm")}</button>
        <button type="button" class="button" data-act="discard-pathway" @click=${() => act.end(pathway, "not_confirmed", true)}>${gettext("Discard")}</button></p>
    </section>`;
  }
  const { done, all } = progressOf(checklist, pathway, side === "desk");
  const items = itemsOf(checklist, pathway, side === "hospital" ? "hospital" : "crew").filter(({ item }) => side !== "desk" || item.operational);
  return html`<section class="pw" data-pathway=${pathway.kind} data-state="open">
    <header><b>${name}</b> <span class="pw-by">${openedBy(pathway)} <time data-at=${pathway.opened_at}></time></span> <span class="pw-count number" title=${`${gettext("Checklist")} ${pathway.version} · ${checklist?.source ?? ""}`}>${done}/${all}</span></header>
    ${clocksView(checklist, pathway)}
    <div class="pw-act">${teamsView(checklist, pathway, act, side)} ${directView(checklist, pathway, act, side)}</div>
    <details class="pw-list" ?open=${open}><summary>${gettext("Checklist")} <span class="number">${done}/${all}</span></summary>
      <ul>${items.map((row) => itemView(row, pathway, act, side !== "desk"))}</ul>
      ${endView(pathway, act)}
    </details>
  </section>`;
}

/** A suspicion: one press opens the pathway. */
export function suspectView(missionId, active, { catalogue, act }) {
  const pick = (event) => {
    if (event.target.value) act.open(missionId, event.target.value);
    event.target.value = "";
  };
  return html`<label class="pw-suspect"><span class="visually-hidden">${gettext("Open a pathway")}</span><select class="input" data-act="suspect" @change=${pick}>
    <option value="">${gettext("Suspicion: open a pathway…")}</option>${kindsLeft(catalogue, active).map((kind) => html`<option value=${kind}>${wordOf(catalogue[kind])}</option>`)}</select></label>`;
}
