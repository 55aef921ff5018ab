// A question that needs a reason, answered by a digit: another unit than the first, cancel, divert, close.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { termsOf } from "../shared/terms.js";

const TITLES = {
  override: (ask) => interpolate(gettext("Why %(unit)s and not the first?"), { unit: ask.callSign }, true),
  cancel: (ask) => interpolate(gettext("Why is the mission of %(unit)s cancelled?"), { unit: ask.callSign }, true),
  divert: (ask) => interpolate(gettext("Why is %(unit)s taken off this mission?"), { unit: ask.callSign }, true),
  close: () => gettext("Close this incident? Nobody serves it any more."),
};

/** [[code, label], …] of the question in view; digits 1 … 9 pick them in this order. */
export function askOptions(state) {
  const { ask } = state;
  if (!ask) return [];
  if (ask.kind === "override") return termsOf("override_reason");
  if (ask.kind === "close") return [["close", gettext("Close incident")]];
  return termsOf("end_reason");
}

export function askView(state, act) {
  return html`<section class="notice ask" role="group" aria-label=${TITLES[state.ask.kind](state.ask)}>
    <strong>${TITLES[state.ask.kind](state.ask)}</strong>
    <ul class="ask-options">
      ${askOptions(state).map(([code, text], index) => html`<li><button class="button small" data-option=${code} @click=${() => act.answerAsk(code)}>${index < 9 ? html`<kbd>${index + 1}</kbd>` : ""} ${text}</button></li>`)}
      <li><button class="button quiet small" @click=${act.back}><kbd>Esc</kbd> ${gettext("Leave it")}</button></li>
    </ul>
  </section>`;
}
