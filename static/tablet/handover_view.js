// The hospital's side as the crew sees it: the number, and how far the alert has come, by whose word.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { nameOf } from "../shared/terms.js";
import { doorView } from "./door_view.js";

const by = (text, person) => interpolate(text, { name: nameOf(person) }, true);

/** Said so far, in order: [text, time]. Delivered is a machine's word, confirmed a person's. */
function saidSoFar({ times, confirmed_by, given_by, given_at, received_by, received_at }) {
  return [
    [gettext("sent"), times.sent],
    [gettext("on the hospital’s screen"), times.delivered],
    [gettext("opened"), times.seen],
    [by(gettext("confirmed by %(name)s"), confirmed_by), times.confirmed],
    [gettext("bay ready"), times.ready],
    [by(gettext("given by %(name)s"), given_by), given_at],
    [by(gettext("received by %(name)s"), received_by), received_at],
  ].filter(([, at]) => at);
}

function answerView(handover) {
  if (handover.bay) return html`<p class="handover-bay"><b>${interpolate(gettext("Bay %(bay)s"), { bay: handover.bay }, true)}</b> ${handover.team}</p>`;
  if (handover.times.confirmed) return html`<p class="handover-ok">${by(gettext("Confirmed by %(name)s"), handover.confirmed_by)}</p>`;
  return html`<p class="handover-wait">${gettext("Nobody has confirmed yet")} <time data-elapsed=${handover.times.sent} data-warn="30" data-late="60"></time></p>`;
}

export function handoverView(state, handover) {
  if (!handover) return "";
  const hospital = state.board.collections.hospitals?.[handover.hospital_id];
  return html`<section class="handover" data-handover=${handover.state} aria-label=${gettext("Handover")}>
    <div class="handover-head">
      <p><b class="one-line">${nameOf(hospital)}</b><small>${gettext("Pre-admission number")}</small></p>
      <b class="handover-number">${handover.preadmission_number}</b>
    </div>
    <div class="handover-band">
      <p>${gettext("Visit number of the hospital")} ${handover.visit_number ? html`<b class="number">${handover.visit_number}</b>` : html`<span class="faint">${gettext("not given yet")}</span>`}</p>
      <a class="button" href="/handovers/${handover.id}/wristband/" target="_blank" rel="noopener">${gettext("Wristband")}</a>
    </div>
    ${answerView(handover)}
    ${doorView(state, handover)}
    <ol class="handover-said">${saidSoFar(handover).map(([text, at]) => html`<li>${text} <time data-at=${at}></time></li>`)}</ol>
  </section>`;
}
