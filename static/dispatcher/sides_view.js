// Both sides of a choice: what each unit does to this incident and to everybody who waits.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { duration } from "../shared/time.js";

/** The sides worth showing: the first choice, and the nearest unit where that is another. */
export function sidesToShow({ ranked, sides = [] }) {
  const first = sides.find((side) => side.unit_id === ranked[0]?.unit_id);
  const nearest = [...sides].sort((a, b) => a.response_s - b.response_s)[0];
  return first && nearest && nearest !== first ? [first, nearest] : [];
}

const row = (name, side) => html`<tr>
  <th scope="row">${name} <b>${side.call_sign}</b></th>
  <td class="number">${duration(side.response_s)}</td>
  <td class="number">${duration(side.mean_s)}</td>
  <td class="number">${interpolate(gettext("%(late)s of %(all)s"), { late: side.late, all: side.of }, true)}</td>
</tr>`;

export function sidesView(recommendation, chosen = null) {
  const shown = chosen ? [recommendation.sides[0], chosen] : sidesToShow(recommendation);
  if (shown.length < 2) return nothing;
  const [first, other] = shown;
  return html`<table class="sides small">
    <caption class="faint">${chosen ? gettext("Both sides of the choice") : gettext("Not the nearest: both sides of the choice")}</caption>
    <thead><tr><td></td><th scope="col">${gettext("There in")}</th><th scope="col">${gettext("Mean, all waiting")}</th><th scope="col">${gettext("Late")}</th></tr></thead>
    <tbody>${row(gettext("Recommended"), first)}${row(chosen ? gettext("Chosen") : gettext("Nearest"), other)}</tbody>
  </table>`;
}
