// Live cameras: choose one, say what it looks at and what the patient said, one big button. Who watches stands with it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { ref } from "/static/vendor/lit-html/directives/ref.js";
import { label, nameOf, termsOf } from "../../shared/terms.js";
import { panel } from "../panels/frame.js";
import { listCameras } from "./cameras.js";
import { asksFor, defaultConsent, mayKeepSound, warningOf } from "./camera_rules.js";

const answers = (name, text, rows, chosen, tap) => html`<fieldset class="camera-answers" data-answers=${name}><legend>${text}</legend>
  <div class="camera-picks">${rows.map(([code, words]) => html`<button type="button" class="button pick-button" data-code=${code} aria-pressed=${code === chosen} @click=${() => tap(code)}>${words}</button>`)}</div></fieldset>`;

/** The preview keeps one function a stream: a new one would start the picture anew at each drawing. */
const previews = new Map();
function preview(stream, act) {
  if (!previews.has(stream))
    previews.set(stream, (video) => {
      if (!video) return previews.delete(stream);
      const track = act.cameras.trackOf(stream);
      if (track && !video.srcObject) video.srcObject = new MediaStream([track]);
    });
  return ref(previews.get(stream));
}

const linkWords = { connecting: () => gettext("Connecting…"), live: () => gettext("LIVE"), lost: () => gettext("No link: pictures are not seen") };

function watchers(people) {
  if (!people.length) return html`<p class="camera-watch faint">${gettext("Nobody is watching")}</p>`;
  return html`<p class="camera-watch" role="status"><b>${gettext("Watching now")}:</b> ${people.map((one) => `${nameOf(one)} (${label("role", one.role)})`).join(", ")}</p>`;
}

function runningView(one, act) {
  const warning = warningOf(one);
  return html`<article class="camera-card" data-stream=${one.stream} data-link=${one.link}>
    <video class="camera-preview" autoplay muted playsinline ${preview(one.stream, act)}></video>
    <div class="camera-facts">
      <h3>${label("camera", one.role)} <span class="chip ${one.link === "live" ? "live" : "bad"}" data-live>${linkWords[one.link]?.() ?? gettext("Stopped")}</span></h3>
      ${warning ? html`<p class="notice warn" role="status">${label("camera_step", warning)}</p>` : ""}
      ${watchers(one.people)}
      <label class="field"><span>${gettext("Consent")}</span><select class="input" data-consent @change=${(event) => act.cameras.policy(one.stream, one.recording === "off" ? "own" : one.recording, event.target.value)}>
        ${termsOf("camera_consent").map(([code, text]) => html`<option value=${code} ?selected=${code === one.consent}>${text}</option>`)}</select></label>
      <p class="faint">${label("camera_recording", one.recording)}${one.recording === "own" ? ` · ${one.sound && mayKeepSound(one) ? gettext("with sound") : gettext("without sound")}` : ""}</p>
    </div>
    <button type="button" class="button danger camera-stop" data-act="stop-camera" @click=${() => act.cameras.stop(one.stream)}>■ ${gettext("Stop camera")}</button>
  </article>`;
}

function startView(state, mission, act) {
  const { role = "cabin", devices = null, device = devices?.[0]?.deviceId ?? "", consent = defaultConsent(role), recording = "own", sound = "off" } = state.panel;
  if (devices === null) listCameras().then((found) => act.change({ devices: found }));
  const refused = consent === "refused";
  const start = () => {
    act.change({ more: false });
    act.cameras.start(mission, { role, device, label: devices?.find((one) => one.deviceId === device)?.label.slice(0, 60) ?? "", consent, recording: refused ? "off" : recording, sound: sound === "on" });
  };
  return html`<section class="camera-start">
    ${answers("role", gettext("What does it look at?"), termsOf("camera").filter(([code]) => code !== "consult"), role, (code) => act.change({ role: code, consent: defaultConsent(code) }))}
    ${devices?.length > 1 ? answers("device", gettext("Which camera?"), devices.map(({ deviceId, label: text }, index) => [deviceId, text || interpolate(gettext("Camera %(number)s"), { number: index + 1 }, true)]), device, (code) => act.change({ device: code })) : ""}
    ${asksFor(role) ? answers("consent", gettext("Does the patient agree?"), termsOf("camera_consent").filter(([code]) => code !== "not_needed"), consent, (code) => act.change({ consent: code })) : ""}
    ${answers("recording", gettext("Recording"), termsOf("camera_recording").filter(([code]) => code !== "tap"), refused ? "off" : recording, (code) => act.change({ recording: code }))}
    ${mayKeepSound({ recording, consent }) ? answers("sound", gettext("Sound in the recording"), [["off", gettext("without sound")], ["on", gettext("with sound")]], sound, (code) => act.change({ sound: code })) : ""}
    ${devices?.length === 0 ? html`<p class="notice bad" role="alert">${gettext("No camera was found, or the browser may not use it.")}</p>` : ""}
    <button type="button" class="button primary next camera-go" data-act="start-camera" ?disabled=${!devices?.length} @click=${start}>● ${gettext("Start camera")}</button>
  </section>`;
}

/** panel: {name: "camera", role, device, devices, consent, recording, sound}. */
export function cameraPanel(state, mission, act) {
  const own = (state.cameras ?? []).filter((one) => one.mission === mission.id);
  return panel("camera", gettext("Live camera"), html`<div class="cameras">${own.map((one) => runningView(one, act))}
    ${own.length && !state.panel.more ? html`<button type="button" class="button" data-act="another-camera" @click=${() => act.change({ more: true })}>${gettext("Start another camera")}</button>` : startView(state, mission, act)}</div>`, act);
}

/** In the bar, on every screen of the tablet: that pictures leave this vehicle, and how many look. */
export function showOnAir(element, state, onLook) {
  const cameras = state.cameras ?? [];
  const people = new Set(cameras.flatMap((one) => one.people.map(({ id }) => id))).size;
  element.hidden = !cameras.length || Boolean(state.lock);
  element.className = `chip ${cameras.every((one) => one.link === "live") ? "live" : "bad"}`;
  element.onclick = onLook;
  element.textContent = `● ${interpolate(gettext("On air: %(count)s watching"), { count: people }, true)}`;
}
