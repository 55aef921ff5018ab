// Top bar: the four numbers that a shift leader asks for.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { list } from "../shared/reduce.js";
import { openIncidents, unitCounts } from "./choose.js";
import { hospitalsState } from "./hospitals_state_view.js";

const UNCONFIRMED = new Set(["sent", "delivered", "seen"]);

const figure = (name, value, { of, age, bad } = {}) => html`
  <div class="figure" data-bad=${Boolean(bad)}>
    <dt>${name}</dt>
    <dd><b>${value}</b>${of === undefined ? nothing : html`<span class="faint"> / ${of}</span>`}${age ? html`<span class="faint small"> · ${gettext("oldest")} <time data-age=${age}></time></span>` : nothing}</dd>
  </div>
`;

export function summaryView(state) {
  if (!state.board.ready) return nothing;
  const { waiting, served } = openIncidents(state.board);
  const counts = unitCounts(state.board);
  const oldest = waiting.map((incident) => incident.opened_at).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  const alarms = list(state.board, "alarms");
  const unconfirmed = list(state.board, "handovers").filter((handover) => UNCONFIRMED.has(handover.state)).length;
  return html`
    ${figure(gettext("Waiting"), waiting.length, { age: oldest, bad: waiting.length > 0 })}
    ${figure(gettext("Being served"), served.length)}
    ${figure(gettext("Units free"), counts.free, { of: counts.onShift })}
    ${figure(gettext("Handovers unconfirmed"), unconfirmed, { bad: unconfirmed > 0 })}
    ${hospitalsState(state.board)}
    ${alarms.length ? figure(gettext("Alarms not acknowledged"), alarms.length, { bad: true }) : nothing}
  `;
}
