// Receiving a patient: what the crew hands over, triage level, wristband, and the receiver's signature.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { ref } from "/static/vendor/lit-html/directives/ref.js";
import { createPad } from "../../shared/sign_pad.js";
import { canScan, scan } from "../../shared/scanning.js";
import { label, nameOf } from "../../shared/terms.js";

const LEVELS = { four: ["I", "II", "III", "IV"], five: ["1", "2", "3", "4", "5"] };

let pad = null;
let camera = null;

/** What the crew wrote: condition, things, note; and whether the crew has signed it. */
export function sheetView(door) {
  if (!door?.sheet) return html`<p class="faint">${gettext("The crew has written no transfer sheet.")}</p>`;
  const { sheet } = door;
  return html`<p>${gettext("Condition")} <b>${label("handover_condition", sheet.condition)}</b> ${sheet.condition_note} ${sheet.note}</p>
    <ul class="sheet-things">${sheet.things.map((one) => html`<li class="chip ${one.valuable ? "warn" : ""}">${one.count > 1 ? `${one.count} × ` : ""}${one.what} <small>${label("keeper", one.keeper)}</small></li>`)}${sheet.things.length ? "" : html`<li class="faint">${gettext("nothing came along")}</li>`}</ul>`;
}

function levelsView(handover, state, door, act) {
  const department = state.board.collections.departments?.[handover.hospital_id];
  const level = state.receiving.level ?? door?.triage?.level ?? "";
  return html`<div><span class="faint">${gettext("Triage level")}</span><span class="levels" role="radiogroup" aria-label=${gettext("Triage level")}>${(LEVELS[department?.scale] ?? LEVELS.four).map((one) => html`<button type="button" role="radio" class="button" data-level=${one} aria-checked=${one === level} aria-pressed=${one === level} @click=${() => act.receiving({ level: one })}>${one}</button>`)}</span></div>`;
}

function wristbandView(handover, state, door, act) {
  const { scanning = false, wristband = door?.wristband?.code ?? "" } = state.receiving;
  const stop = () => {
    camera?.stop();
    camera = null;
    act.receiving({ scanning: false });
  };
  const start = async (video) => {
    if (!video || camera) return;
    camera = scan(video);
    const found = await camera.result;
    camera = null;
    if (found) act.receiving({ wristband: found, scanned: true, scanning: false });
    else act.receiving({ scanning: false });
  };
  return html`<div class="wristband"><label class="field"><span>${gettext("Wristband")}</span><input class="input" id="wristband" maxlength="60" autocomplete="off" .value=${wristband} @input=${(event) => act.receiving({ wristband: event.target.value, scanned: false })}></label>
      ${canScan() ? html`<button type="button" class="button" data-act="scan" @click=${() => (scanning ? stop() : act.receiving({ scanning: true }))}>${scanning ? gettext("Stop the camera") : gettext("Scan")}</button>` : ""}
      <button type="button" class="button quiet" @click=${() => act.receiving({ wristband: handover.preadmission_number, scanned: false })}>${gettext("Same number")}</button>
      ${wristband && wristband !== handover.preadmission_number ? html`<span class="chip warn">${gettext("another number than ours")}</span>` : ""}</div>
    ${scanning ? html`<video muted playsinline ${ref(start)}></video>` : ""}`;
}

/** state.receiving: {id, level, wristband, scanned, scanning, signed, method, fault}. */
export function receivingView(handover, state, act) {
  const door = state.board.collections.doors?.[handover.id];
  const { method = "password", signed = false, fault = "" } = state.receiving;
  pad ??= createPad((done) => act.receiving({ signed: done }));
  const close = () => {
    camera?.stop();
    camera = pad = null;
    act.set({ receiving: null });
  };
  const take = async (event) => {
    event.preventDefault();
    const { elements } = event.target;
    const done = await act.takeOver(handover, door, {
      method,
      image: method === "drawn" ? pad.path() : "",
      password: method === "password" ? elements.password.value : "",
      remark: elements.remark.value,
    });
    if (done) close();
  };
  return html`<form class="receiving" data-receiving=${handover.id} @submit=${take}>
    <h3>${gettext("Receive")} <span class="number">${handover.preadmission_number}</span></h3>
    ${fault ? html`<p class="notice bad" role="alert">${fault}</p>` : ""}
    ${sheetView(door)}
    ${levelsView(handover, state, door, act)}
    ${wristbandView(handover, state, door, act)}
    <label class="field"><span>${gettext("Remark: what is missing or different")}</span><input class="input" name="remark" maxlength="300"></label>
    <p class="flips"><button type="button" class="button small" aria-pressed=${method === "password"} @click=${() => act.receiving({ method: "password" })}>${gettext("Sign with password")}</button>
      <button type="button" class="button small" data-act="draw" aria-pressed=${method === "drawn"} @click=${() => act.receiving({ method: "drawn" })}>${gettext("Sign with a finger")}</button></p>
    ${method === "drawn" ? html`<div>${pad.view()}<button type="button" class="button quiet small" @click=${() => pad.clear()}>${gettext("Clear")}</button></div>` : html`<label class="field"><span>${gettext("Your password")}</span><input class="input" name="password" type="password" autocomplete="current-password" maxlength="200" required></label>`}
    <p class="transfer-acts"><button type="submit" class="button primary confirm" data-act="take-over" ?disabled=${method === "drawn" && !signed}>${gettext("Take over the patient")}</button>
      <button type="button" class="button" data-act="receive-unsigned" @click=${async () => ((await act.post(handover, "receive")) !== undefined) && close()}>${gettext("Received, sign later")}</button>
      <button type="button" class="button quiet" @click=${close}>${gettext("Back")}</button></p>
  </form>`;
}

/** After the door: who signed what, the level, the band, and whether the record has a later version. */
export function doorLine(handover, door, act) {
  if (!door) return "";
  const signed = (side) => door.signatures.find((one) => one.side === side);
  const missing = ["crew", "hospital"].filter((side) => !signed(side));
  return html`<span class="door-line">
    ${door.triage ? html`<span>${gettext("Triage")} <b>${door.triage.level}</b></span>` : ""}
    ${door.wristband ? html`<span>${gettext("Wristband")} <b class="number">${door.wristband.code}</b></span>` : ""}
    ${door.signatures.map((one) => html`<span>${gettext("signed")} ${nameOf(one.by)}</span>`)}
    ${handover.times.handed_over && missing.includes("hospital") ? html`<button type="button" class="button small" data-act="sign-late" @click=${() => act.set({ receiving: { id: handover.id } })}>${gettext("Sign now")}</button>` : ""}
    ${handover.times.handed_over && missing.includes("crew") ? html`<span class="faint">${gettext("crew’s signature missing")}</span>` : ""}
    ${door.record_version > 1 ? html`<span class="later" data-version=${door.record_version}>${interpolate(gettext("complete report, version %(version)s"), { version: door.record_version }, true)} <time data-at=${door.record_closed_at}></time></span>` : handover.times.handed_over ? html`<span class="faint">${gettext("complete report follows")}</span>` : ""}
    ${door.outcome ? html`<span class="faint">${gettext("outcome returned")}</span>` : handover.times.handed_over ? html`<a href="/ed/outcomes/${handover.id}/">${gettext("Outcome…")}</a>` : ""}
  </span>`;
}
