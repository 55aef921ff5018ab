// The bar of alarms above a monitor: symbol, words and colour say the same thing, one tap gives a name.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { asksForName, chips, inOrder, toneOf } from "./monitor_signs.js";
import { label, nameOf } from "./terms.js";
import { ageText, clock } from "./time.js";

// After IEC 60601-1-8: the number of marks is the priority.
const MARKS = { high: "!!!", medium: "!!", low: "!" };

const amount = (number) => (Number.isInteger(number) ? String(number) : number.toFixed(1));

function measured({ value, limit }) {
  if (value === null) return nothing;
  return html`<span class="alarm-value">${amount(value)}${limit === null ? "" : html` <small>${gettext("limit")} ${amount(limit)}</small>`}</span>`;
}

function standing(alarm, now) {
  if (alarm.state === "acknowledged") {
    const left_s = Math.max(0, Math.round((Date.parse(alarm.rearm_at) - now) / 1000));
    return interpolate(gettext("%(name)s, sounds again in %(time)s"), { name: nameOf(alarm.acknowledged_by), time: ageText(left_s) }, true);
  }
  if (alarm.state === "ended") return interpolate(gettext("ended %(time)s, nobody has seen it"), { time: clock(alarm.ended_at) }, true);
  const since = ageText(Math.max(0, (now - Date.parse(alarm.sounding_since)) / 1000));
  return alarm.state === "escalated" ? `${since} · ${label("alarm_state", "escalated")}` : since;
}

const alarmView = (alarm, now, onAcknowledge) => html`<li class="alarm" data-alarm=${alarm.priority} data-state=${alarm.state} data-code=${alarm.code}>
  <b class="alarm-mark" title=${label("alarm_priority", alarm.priority)}>${MARKS[alarm.priority]}</b>
  <span class="alarm-what"><b>${label("alarm", alarm.code)}</b> ${measured(alarm)}</span>
  <small class="alarm-state" aria-live="off">${standing(alarm, now)}</small>
  ${onAcknowledge && asksForName(alarm)
    ? html`<button type="button" class="button alarm-seen" data-act="acknowledge" @click=${(event) => { event.stopPropagation(); onAcknowledge(alarm); }}>${gettext("Seen")}</button>`
    : nothing}
</li>`;

export const alarmsView = (alarms, now, onAcknowledge) =>
  html`<ol class="monitor-alarms" role="alert" aria-label=${gettext("Alarms")}>${repeat(inOrder(alarms), (alarm) => alarm.id, (alarm) => alarmView(alarm, now, onAcknowledge))}</ol>`;

const inputs = (names) => names.map((name) => label("score_input", name)).join(", ");

function lacking({ missing, not_testable }) {
  const absent = missing.filter((name) => !not_testable.includes(name));
  const parts = [
    absent.length ? interpolate(gettext("missing: %(inputs)s"), { inputs: inputs(absent) }, true) : "",
    not_testable.length ? interpolate(gettext("not testable: %(inputs)s"), { inputs: inputs(not_testable) }, true) : "",
  ];
  return parts.filter(Boolean).join("; ");
}

function chip(result) {
  const name = label("score", result.score);
  if (result.state !== "complete") return html`<li class="score" data-score=${result.score} data-tone="none"><b>${name}</b> ${gettext("incomplete")} <small>${lacking(result)}</small></li>`;
  const grade = result.grade ? label("score_grade", result.grade).toLowerCase() : "";
  return html`<li class="score" data-score=${result.score} data-tone=${toneOf(result.grade)} title=${result.version}><b>${name}</b> <b class="score-value">${Math.round(result.value * 100) / 100}</b> ${grade}</li>`;
}

export function scoresView(scores, ageKnown) {
  if (!scores.length) return nothing;
  const { shown, rest } = chips(scores);
  return html`<ul class="monitor-scores" aria-label=${gettext("Scores")}>
    ${shown.map(chip)}
    ${rest.length ? html`<li class="score rest" data-tone="none" title=${rest.map((one) => `${label("score", one.score)}: ${lacking(one)}`).join("\n")}>${interpolate(ngettext("%(count)s more incomplete", "%(count)s more incomplete", rest.length), { count: rest.length }, true)}</li>` : nothing}
    ${ageKnown ? nothing : html`<li class="score" data-tone="warn">${gettext("age unknown: limits of adults")}</li>`}
  </ul>`;
}
