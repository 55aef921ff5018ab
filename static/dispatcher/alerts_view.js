// What calls for attention, to be seen whether or not it was heard; and whether this desk can be heard.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { item } from "../shared/reduce.js";
import { label, nameOf } from "../shared/terms.js";
import { now_ms } from "../shared/time.js";
import { alertsOf, ownAlerts } from "./alerts.js";
import { shortNumber } from "./words.js";

const SHOWN = 6;
const WORDS = {
  crew: () => gettext("Crew in danger"),
  call: (one) => (one.call ? gettext("New call") : gettext("New incident")),
  unacknowledged: (one) => (one.patient ? gettext("Alarm at the patient") : one.handover ? gettext("Hospital has not confirmed") : gettext("Crew has not acknowledged")),
  hospital: (one) => interpolate(one.hospital.divert ? gettext("%(hospital)s takes no patients") : gettext("%(hospital)s takes patients again: the time is over"), { hospital: nameOf(one.hospital) }, true),
  late: (one) => interpolate(gettext("Late: %(state)s"), { state: label("mission_state", one.state) }, true),
};
const SIGNS = { crew: "!!!", unacknowledged: "!!", call: "☎", hospital: "H", late: "◷" };
const SOUND = { on: () => gettext("Sound on"), muted: () => gettext("Sound off"), blocked: () => gettext("Sound waits for a key") };

/** Those that nobody at this desk has looked at, and that it did not make itself. */
export function shownAlerts(state) {
  const own = ownAlerts(state);
  return alertsOf(state.board, now_ms()).filter((one) => !state.seen[one.id] && !own.has(one.id));
}

export function alertsView(state, act) {
  const alerts = shownAlerts(state);
  if (!alerts.length) return nothing;
  const rest = alerts.length - SHOWN;
  return html`<ul class="alerts" role="status">
    ${repeat(
      alerts.slice(0, SHOWN),
      (one) => one.id,
      (one, at) => html`<li>
        <button class="alert" data-kind=${one.kind} data-alert=${one.id} @click=${() => act.goToAlert(one)}>
          <b aria-hidden="true">${SIGNS[one.kind]}</b> <b>${WORDS[one.kind](one)}</b>
          ${one.unit ? html`<span>${one.unit}</span>` : nothing}
          <span class="faint">${shortNumber(item(state.board, "incidents", one.incident_id)?.number).replace(/^#$/, "")}</span>
          ${one.at ? html`<time data-age=${one.at}></time>` : nothing} ${at === 0 ? html`<kbd>A</kbd>` : nothing}
        </button>
      </li>`,
    )}
    ${rest > 0 ? html`<li class="faint small">${interpolate(ngettext("%(count)s more", "%(count)s more", rest), { count: rest }, true)}</li>` : nothing}
  </ul>`;
}

export function soundView(state, act) {
  return html`<button type="button" class="button quiet small sound" data-sound=${state.sound} aria-pressed=${state.sound !== "muted"} @click=${act.toggleSound}>${SOUND[state.sound]()} <kbd>S</kbd></button>`;
}
