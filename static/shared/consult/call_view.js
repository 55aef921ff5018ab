// A call on a page: who is in it and by which way, what can be done with it. The same on the desk and the tablet.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { ref } from "/static/vendor/lit-html/directives/ref.js";
import { label, nameOf } from "../terms.js";
import { inside, shownParties } from "./call_rules.js";

const WAYS = {
  connecting: () => gettext("connecting…"),
  direct: () => gettext("direct"),
  relay: () => gettext("by the relay"),
  hub: () => gettext("voice over the media hub"),
  lost: () => gettext("voice lost"),
};
const LINKS = { lost: () => gettext("No connection: trying again"), connecting: () => gettext("connecting…") };

const nameOfParty = (party) => nameOf(party.user) || nameOf(party.hospital);

/** Everybody inside, with how they are heard; who did not answer stands behind them. */
export function partiesView(consult, call, meId) {
  return html`<ul class="parties">${shownParties(consult).map((party) => partyView(party, call?.peers[party.id], party.user?.id === meId))}</ul>`;
}

function partyView(party, peer, mine) {
  const said = [
    mine ? gettext("you") : "",
    party.reason ? label("decline_reason", party.reason) : "",
    peer?.muted ? gettext("muted") : "",
    peer?.held ? gettext("on hold") : "",
  ].filter(Boolean);
  const silent = party.state === "connected" && party.silent_since;
  return html`<li class="party" data-party=${party.id} data-state=${party.state} data-way=${peer?.way ?? ""}>
    <b class="one-line">${nameOfParty(party)}</b> <small>${label("consult_side", party.side)}${said.length ? ` · ${said.join(" · ")}` : ""}</small>
    <span class="party-state">${silent ? html`<span class="chip bad">${gettext("page silent")} <time data-age=${party.silent_since}></time></span>` : html`${label("party_state", party.state)}${party.state === "ringing" ? html` <time data-age=${party.rung_at}></time>` : ""}`}</span>
    ${peer && party.state === "connected" ? html`<small class="party-way" data-way=${peer.way}>${WAYS[peer.way]?.()}</small>` : ""}
  </li>`;
}

/** The other side's picture, where a camera is on: the same element for the same stream. */
export const facesView = (call) => html`<div class="faces">${Object.entries(call?.peers ?? {}).filter(([, peer]) => peer.camera && peer.video).map(([party, peer]) => html`<video class="face" data-party=${party} autoplay muted playsinline ${ref((element) => element && element.srcObject !== peer.video && (element.srcObject = peer.video))}></video>`)}</div>`;

export function notesView(call) {
  if (!call) return "";
  const lines = [
    LINKS[call.link] ? [call.link === "lost" ? "bad" : "", LINKS[call.link]()] : null,
    call.microphone === "refused" ? ["bad", gettext("No microphone: you can hear and are not heard.")] : null,
    call.hub ? ["warn", gettext("No direct way was found: the voice goes over the media hub, with more delay.")] : null,
    call.held ? ["warn", gettext("On hold: nobody hears you, and you hear nobody.")] : null,
  ].filter(Boolean);
  return lines.map(([level, text]) => html`<p class="notice ${level}" role="status">${text}</p>`);
}

/** act: {mute, hold, camera, leave, echo}. */
export function controlsView(call, act, { crew = false } = {}) {
  if (!call) return "";
  return html`<div class="call-controls">
    <button type="button" class="button" data-call="mute" aria-pressed=${call.muted} @click=${() => act.mute(!call.muted)}>${call.muted ? gettext("Unmute") : gettext("Mute")}</button>
    <button type="button" class="button" data-call="hold" aria-pressed=${call.held} @click=${() => act.hold(!call.held)}>${call.held ? gettext("Go on") : gettext("Hold")}</button>
    <button type="button" class="button" data-call="camera" aria-pressed=${call.camera} @click=${() => act.camera(!call.camera)}>${call.camera ? gettext("Camera off") : gettext("Camera on")}</button>
    <button type="button" class="button danger" data-call="leave" @click=${act.leave}>${crew ? gettext("End the consult") : gettext("Hang up")}</button>
  </div>`;
}

const STAGES = {
  speak: () => gettext("Speak now: three seconds are recorded…"),
  listen: () => gettext("This is how you are heard…"),
  done: () => gettext("If you heard yourself, microphone and speaker work."),
  refused: () => gettext("No microphone can be used here."),
};

/** echo: null | {stage, level}. */
export const echoView = (echo, act) => html`<div class="echo">
  <button type="button" class="button small" data-call="echo" ?disabled=${echo && echo.stage !== "done" && echo.stage !== "refused"} @click=${act.echo}>${gettext("Echo test")}</button>
  ${echo ? html`<span role="status">${STAGES[echo.stage]?.()}</span><meter min="0" max="1" .value=${echo.level ?? 0}></meter>` : ""}
</div>`;

export const isFull = (consult) => inside(consult).length >= 4;
