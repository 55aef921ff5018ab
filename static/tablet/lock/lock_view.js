// The covered screen: big keys for gloves, the patient's alarms beside them without a name; and the sheet for a new PIN.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { PIN_LENGTHS } from "../vault/lock_rules.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0", "ok"];
const NAMES = { "⌫": () => gettext("Delete"), ok: () => gettext("Open") };

const dots = (digits) => html`<output class="pin-dots" aria-label=${interpolate(gettext("%(count)s digits"), { count: digits.length }, true)}>${"●".repeat(digits.length) || html`<span class="faint">${gettext("PIN")}</span>`}</output>`;

const pad = (digits, busy, press, done) => html`<div class="pin-pad">${KEYS.map((key) => html`<button type="button" class="button ${key === "ok" ? "primary" : ""}" data-pin=${key} aria-label=${NAMES[key]?.() ?? key}
  ?disabled=${busy || (key === "ok" && digits.length < PIN_LENGTHS[0])} @click=${() => press(key)}>${key === "ok" ? done : key}</button>`)}</div>`;

const waits = (count) => (count ? html`<p class="lock-waits">${interpolate(ngettext("%(count)s statement waits on this tablet; it is sent after opening.", "%(count)s statements wait on this tablet; they are sent after opening.", count), { count }, true)}</p>` : "");

function passwordView(state, lock) {
  const submit = (event) => {
    event.preventDefault();
    lock.tryPassword(new FormData(event.target).get("password"));
  };
  return html`<form class="lock-password" @submit=${submit}>
    <label>${gettext("Password")}<input class="input" name="password" type="password" autocomplete="current-password" required ?disabled=${state.busy}></label>
    <button class="button primary next" ?disabled=${state.busy}>${gettext("Open")}</button>
    ${state.hasPin ? html`<button type="button" class="button" data-act="use-pin" @click=${() => lock.usePassword(false)}>${gettext("Use the PIN")}</button>` : ""}
  </form>`;
}

const pinView = (state, lock) => html`${dots(state.digits)}${pad(state.digits, state.busy, lock.press, gettext("Open"))}
  ${state.mode === "pin" ? "" : html`<button type="button" class="button" data-act="use-password" @click=${() => lock.usePassword(true)}>${gettext("Use the password")}</button>`}`;

const WORDS = {
  nothing: () => gettext("No network, and no PIN that opens this tablet. It opens with a network."),
  insecure: () => gettext("This address is not secure (no HTTPS): the tablet cannot encrypt and stays closed."),
  signed_out: () => gettext("You were signed out."),
  wiped: () => gettext("This tablet was wiped. Sign in when there is a network."),
  wiping: () => gettext("This tablet is being wiped. What waits is sent first."),
};

export function lockView(state, lock) {
  if (!state) return "";
  const said = WORDS[state.mode]?.();
  const asks = state.hasPin && !state.asPassword ? pinView : passwordView;
  return html`<div class="lock-panel" role="dialog" aria-modal="true" aria-label=${gettext("Tablet locked")}>
    <h1>${gettext("Tablet locked")}</h1>
    ${state.fault ? html`<p class="notice bad" role="alert">${state.fault}</p>` : ""}
    ${said ? html`<p class="notice warn">${said}</p>` : asks(state, lock)}
    ${waits(state.waiting)}
  </div>`;
}

export function newPinView(state, lock) {
  if (!state) return "";
  const title = state.first ? gettext("Type it once more") : gettext("Choose a PIN for this tablet");
  return html`<div class="cover"><section class="sheet pin-sheet" role="dialog" aria-modal="true" aria-label=${title}>
    <h2>${title}</h2>
    <div class="sheet-body"><p>${gettext("Six to twelve digits. It opens the tablet where there is no network, and after it has locked itself.")}</p>
      ${state.fault ? html`<p class="notice bad" role="alert">${state.fault}</p>` : ""}${dots(state.digits)}${pad(state.digits, state.busy, lock.pressNew, gettext("Next"))}</div>
    <div class="sheet-foot"><button type="button" class="button" data-act="back" @click=${lock.closePin}>${gettext("Back")}</button></div></section></div>`;
}
