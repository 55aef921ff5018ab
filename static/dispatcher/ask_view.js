// A question that needs a reason, answered by a digit: another unit than the first, cancel, divert, close.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { HOLDS } from "../shared/holds.js";
import { label, nameOf, termsOf } from "../shared/terms.js";
import { currentRecommendation } from "./console_state.js";
import { MOST_OFFERED } from "./posting_rules.js";
import { sidesView } from "./sides_view.js";

const TITLES = {
  override: (ask) => interpolate(gettext("Why %(unit)s and not the first?"), { unit: ask.callSign }, true),
  cancel: (ask) => interpolate(gettext("Why is the mission of %(unit)s cancelled?"), { unit: ask.callSign }, true),
  divert: (ask) => interpolate(gettext("Why is %(unit)s taken off this mission?"), { unit: ask.callSign }, true),
  take: (ask) => interpolate(gettext("%(unit)s is on its way to somebody less urgent. Send it here?"), { unit: ask.callSign }, true),
  hold: (ask) => interpolate(gettext("Keep %(unit)s back: why?"), { unit: ask.callSign }, true),
  hold_what: (ask) => interpolate(gettext("Keep %(unit)s back: %(kind)s"), { unit: ask.callSign, kind: label("hold_kind", ask.hold) }, true),
  post: (ask) => interpolate(gettext("Where is %(unit)s to wait?"), { unit: ask.callSign }, true),
  post_reason: (ask) => interpolate(gettext("Why does %(unit)s wait at %(place)s?"), { unit: ask.callSign, place: nameOf(ask.point) }, true),
  move: (ask) => interpolate(gettext("Why does %(unit)s stay where it is?"), { unit: ask.callSign }, true),
  closure: () => gettext("Why is the road closed here?"),
  close: () => gettext("Close this incident? Nobody serves it any more."),
  status: (ask) => interpolate(gettext("What does %(unit)s tell?"), { unit: ask.callSign }, true),
  divert_hospital: (ask) => interpolate(gettext("Why does %(hospital)s take no patients?"), { hospital: nameOf(ask.hospital) }, true),
  divert_for: (ask) => interpolate(gettext("%(hospital)s: for how long?"), { hospital: nameOf(ask.hospital) }, true),
  zone: () => gettext("What is this zone?"),
  end_alarm: (ask) => interpolate(gettext("How did the alarm of %(unit)s end?"), { unit: ask.alarm.call_sign }, true),
};

const MINUTES = [30, 60, 120, 240];
const NOT_BY_RADIO = new Set(["cancelled", "diverted"]);
const AT_UNIT = new Set(["hold", "hold_what", "post", "post_reason"]);
const ON_MAP = new Set(["closure", "zone", "divert_hospital", "divert_for", "end_alarm"]);

/** Which part of the screen asks. */
export const askPlace = (ask) => (ask === null ? null : AT_UNIT.has(ask.kind) ? "units" : ON_MAP.has(ask.kind) ? "map" : ask.kind === "move" ? "coverage" : "incident");

function sidesOf(state) {
  const recommendation = currentRecommendation(state);
  const side = recommendation?.sides?.find((one) => one.unit_id === state.ask.unitId);
  return state.ask.kind === "override" && side && side !== recommendation.sides[0] ? sidesView(recommendation, side) : "";
}

/** [[code, label], …] of the question in view; digits 1 … 9 pick them in this order. */
export function askOptions(state) {
  const { ask } = state;
  if (!ask) return [];
  if (ask.kind === "override") return termsOf("override_reason");
  if (ask.kind === "take") return [["take", gettext("Send it here")]];
  if (ask.kind === "hold") return termsOf("hold_kind");
  if (ask.kind === "hold_what") return termsOf("hold").filter(([code]) => HOLDS[ask.hold].includes(code));
  if (ask.kind === "post") return ask.points.slice(0, MOST_OFFERED).map((point) => [point.code, nameOf(point)]);
  if (ask.kind === "post_reason") return termsOf("post_reason");
  if (ask.kind === "move") return termsOf("move_refusal");
  if (ask.kind === "closure") return termsOf("closure_cause");
  if (ask.kind === "status") return ask.next.filter((code) => !NOT_BY_RADIO.has(code)).map((code) => [code, label("mission_state", code)]);
  if (ask.kind === "divert_hospital") return termsOf("divert_reason");
  if (ask.kind === "divert_for") return MINUTES.map((minutes) => [String(minutes), interpolate(gettext("%(minutes)s min"), { minutes }, true)]);
  if (ask.kind === "zone") return termsOf("zone_kind");
  if (ask.kind === "end_alarm") return termsOf("crew_alarm_end");
  if (ask.kind === "close") return [["close", gettext("Close incident")]];
  return termsOf("end_reason");
}

/** A zone has a name before it has a kind; Enter leads from the one to the other. */
function nameField(ask, act) {
  if (ask.kind !== "zone") return "";
  const leave = (event) => event.key === "Enter" && !event.isComposing && (event.preventDefault(), event.target.blur());
  return html`<div class="field"><label for="zone-name">${gettext("Name of the zone")}</label>
    <input id="zone-name" class="input" maxlength="80" autocomplete="off" .value=${ask.name} @input=${(event) => act.set({ ask: { ...ask, name: event.target.value } })} @keydown=${leave} /></div>`;
}

export function askView(state, act) {
  return html`<section class="notice ask" role="group" aria-label=${TITLES[state.ask.kind](state.ask)}>
    <strong>${TITLES[state.ask.kind](state.ask)}</strong>
    ${sidesOf(state)} ${nameField(state.ask, act)}
    ${state.ask.kind === "post" && state.ask.points.length > MOST_OFFERED ? html`<p class="small faint">${interpolate(gettext("The nearest; all %(count)s in the command bar: post %(unit)s …"), { count: state.ask.points.length, unit: state.ask.callSign }, true)}</p>` : ""}
    <ul class="ask-options">
      ${askOptions(state).map(([code, text], index) => html`<li><button class="button small" data-option=${code} @click=${() => act.answerAsk(code)}>${index < 9 ? html`<kbd>${index + 1}</kbd>` : ""} ${text}</button></li>`)}
      <li><button class="button quiet small" @click=${act.back}><kbd>Esc</kbd> ${gettext("Leave it")}</button></li>
    </ul>
  </section>`;
}
