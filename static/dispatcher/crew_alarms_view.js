// Above everything: a crew in danger, or one that does not answer. Where, since when, who has it.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { list } from "../shared/reduce.js";
import { label, nameOf, termsOf } from "../shared/terms.js";

const byTime = (a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at);

function position(alarm) {
  if (alarm.lat === null) return html`<span>${gettext("position unknown")}</span>`;
  return html`<span class="number">${alarm.lat.toFixed(5)}, ${alarm.lon.toFixed(5)}</span> <span class="small">${gettext("position")} <time data-age=${alarm.fix_at}></time></span>`;
}

function ending(state, act, alarm) {
  if (state.endingAlarm !== alarm.id) return html`<button class="button small" @click=${() => act.set({ endingAlarm: alarm.id })}>${gettext("End…")}</button>`;
  return termsOf("crew_alarm_end").map(([code, text]) => html`<button class="button small" @click=${() => act.endAlarm(alarm, code)}>${text}</button>`);
}

const alarmRow = (state, act, alarm) => html`<li class="crew-alarm" data-kind=${alarm.kind} data-taken=${alarm.acknowledged_at !== null}>
  <b class="crew-alarm-what">!!! ${label("crew_alarm", alarm.kind)} · ${alarm.call_sign}</b>
  <time class="number" data-elapsed=${alarm.occurred_at}></time>
  ${alarm.raised_by ? html`<span>${nameOf(alarm.raised_by)}</span>` : nothing} ${position(alarm)}
  <span class="buttons push">
    ${alarm.acknowledged_at ? html`<span class="small">${gettext("taken by")} ${nameOf(alarm.acknowledged_by)}</span>` : html`<button class="button primary small" data-act="take-alarm" @click=${() => act.takeAlarm(alarm)}>${gettext("I have it")}</button>`}
    ${alarm.lat === null ? nothing : html`<button class="button small" @click=${() => act.showAlarm(alarm)}>${gettext("Show on map")}</button>`}
    ${ending(state, act, alarm)}
  </span>
</li>`;

export function crewAlarmsView(state, act) {
  const alarms = list(state.board, "crew_alarms").sort(byTime);
  return alarms.length ? html`<ul role="alert">${repeat(alarms, (alarm) => alarm.id, (alarm) => alarmRow(state, act, alarm))}</ul>` : nothing;
}
