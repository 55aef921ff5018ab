// Foot of the map while a track is replayed: what, when, a time line with the statuses, play and speed.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { fieldOf } from "../shared/centre_time.js";
import { label } from "../shared/terms.js";
import { clock } from "../shared/time.js";
import { placeAt, SPEEDS, statusAt } from "./replay.js";

const local = (iso) => fieldOf(iso, document.documentElement.dataset.timeZone);

function rangeView(replay, act) {
  const missionName = (one) => `${one.number.split("-").at(-1)} · ${label("complaint", one.complaint)} · ${clock(one.begins)}`;
  return html`<div class="replay-range">
    <label class="field grow"><span class="label">${gettext("Mission")}</span>
      <select id="replay-mission" class="input" .value=${replay.missionId} @change=${(event) => act.chooseMission(event.target.value)}>
        <option value="" ?selected=${!replay.missionId}>${gettext("Time range")}</option>
        ${replay.missions.map((one) => html`<option value=${one.id} ?selected=${one.id === replay.missionId}>${missionName(one)}</option>`)}
      </select></label>
    <label class="field"><span class="label">${gettext("From")}</span><input class="input" type="datetime-local" step="1" .value=${local(replay.begins)} @change=${(event) => act.chooseRange("begins", event.target.value)} /></label>
    <label class="field"><span class="label">${gettext("Until")}</span><input class="input" type="datetime-local" step="1" .value=${local(replay.ends)} @change=${(event) => act.chooseRange("ends", event.target.value)} /></label>
    <button class="button small" ?disabled=${replay.loading} @click=${act.loadReplay}>${gettext("Load")}</button>
  </div>`;
}

function marks(replay) {
  const [first, last] = [Date.parse(replay.begins), Date.parse(replay.ends)];
  return replay.track.statuses
    .filter((one) => one.at_ms >= first)
    .map((one) => html`<i class="status plain" data-status=${one.fact} style="inset-inline-start:${(100 * (one.at_ms - first)) / (last - first)}%" title="${label("mission_state", one.fact)} ${clock(one.at)}"></i>`);
}

function nowView(replay) {
  const place = placeAt(replay.track, replay.at_ms);
  const said = statusAt(replay.track, replay.at_ms);
  const speed = place && place.speed_mps !== null ? interpolate(gettext("%(speed)s km/h"), { speed: Math.round(place.speed_mps * 3.6) }, true) : "";
  return html`<output class="replay-now"><b class="number" data-replay="clock">${clock(new Date(replay.at_ms).toISOString())}</b>
    ${said ? html`<span class="status" data-status=${said.fact} data-replay="status">${label("mission_state", said.fact)}</span>` : html`<span class="faint">${gettext("No status yet")}</span>`}
    <span class="number faint">${place ? (place.age_ms > 30_000 ? gettext("no position at this time") : speed) : gettext("no position at this time")}</span></output>`;
}

function playerView(replay, act) {
  const [first, last] = [Date.parse(replay.begins), Date.parse(replay.ends)];
  return html`<div class="replay-line">
      <div class="replay-marks" aria-hidden="true">${marks(replay)}</div>
      <input id="replay-time" type="range" min=${first} max=${last} step="1000" .value=${String(replay.at_ms)} aria-label=${gettext("Time of the replay")} aria-valuetext=${clock(new Date(replay.at_ms).toISOString())} @input=${(event) => act.seekReplay(Number(event.target.value))} />
    </div>
    <div class="line">
      <button class="button small" data-act="play" @click=${act.playReplay}>${replay.playing ? gettext("Pause") : gettext("Play")} <kbd>${gettext("Space")}</kbd></button>
      <button class="button quiet small" aria-label=${gettext("Status before")} @click=${() => act.toStatus(-1)}><kbd>,</kbd></button>
      <button class="button quiet small" aria-label=${gettext("Next status")} @click=${() => act.toStatus(1)}><kbd>.</kbd></button>
      <div class="choice small-choice" role="group" aria-label=${gettext("Speed")}>${SPEEDS.map((factor) => html`<button aria-pressed=${replay.speed === factor} @click=${() => act.replaySpeed(factor)}>${factor}×</button>`)}</div>
      ${nowView(replay)}
    </div>
    ${replay.track.every > 1 ? html`<p class="faint small">${interpolate(gettext("One position in %(every)s is shown."), { every: replay.track.every }, true)}</p>` : nothing}`;
}

export function replayView(state, act) {
  const { replay } = state;
  if (!replay) return nothing;
  return html`<div class="replay panel" role="group" aria-label=${gettext("Replay of a track")}>
    <div class="panel-head"><h2>${interpolate(gettext("Replay of %(unit)s"), { unit: replay.unit.call_sign }, true)}</h2>
      <button class="button quiet small push" @click=${act.closeReplay}>${gettext("Close")} <kbd>Esc</kbd></button></div>
    <div class="replay-body">${rangeView(replay, act)}
      ${replay.loading ? html`<p class="faint">${gettext("Loading…")}</p>` : !replay.track ? nothing : replay.track.points.length ? playerView(replay, act) : html`<p class="empty">${gettext("No position is stored for this time.")}</p>`}
    </div>
  </div>`;
}
