// Over the map: how much of the demand is covered now, how old that is, and the move that is proposed.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { item, list } from "../shared/reduce.js";
import { duration } from "../shared/time.js";
import { label, nameOf, placeOf } from "../shared/terms.js";
import { askPlace, askView } from "./ask_view.js";
import { LEVELS, percent } from "./coverage_rules.js";

/** The unit is on a posting: which, beside its status. */
export const postingChip = (unit, mission) =>
  unit.posting ? html`<span class="chip" title=${placeOf(mission)}>${label("incident_kind", unit.posting)}</span>` : nothing;

/** The posting of the selected unit, and its end. */
export function postingBar(state, act, unit) {
  const mission = unit.posting && item(state.board, "missions", unit.mission_id);
  if (!mission) return nothing;
  return html`<p class="line small"><span class="chip">${label("incident_kind", unit.posting)}</span> ${placeOf(mission)}
    <button class="button quiet small push" @click=${() => act.endPosting(mission)}>${gettext("End the posting")}</button></p>`;
}

function moveView(act, move) {
  const gain = interpolate(gettext("weighted coverage %(before)s → %(after)s"), { before: percent(move.covered_before), after: percent(move.covered_after) }, true);
  return html`<section class="move-up" aria-label=${gettext("Proposed move")} data-unit=${move.unit_id}>
    <p class="line"><b class="move-who">${move.call_sign}</b> <span class="faint">→</span> <b class="one-line">${nameOf(move)}</b>
      <time class="faint small push" data-age=${move.made_at}></time></p>
    <p class="small muted" title=${gettext("Expected share of the demand; a nearer unit counts more")}>${label("incident_kind", move.kind)} · ${gain} · ${interpolate(gettext("%(time)s of driving"), { time: duration(move.drive_s) }, true)}</p>
    <p class="buttons">
      <button class="button primary small" data-act="accept-move" @click=${() => act.acceptMove(move)}>${gettext("Send")} <kbd>G</kbd></button>
      <button class="button quiet small" data-act="refuse-move" @click=${() => act.askMove(move)}>${gettext("Leave it there…")} <kbd>H</kbd></button>
    </p>
  </section>`;
}

function legend(coverage) {
  return html`<div class="coverage-legend">
    <p class="line"><span class="coverage-figure" data-act="reached">${percent(coverage.reached)}</span> <span class="small">${interpolate(gettext("of this hour’s demand within %(time)s"), { time: duration(coverage.target_s) }, true)}</span></p>
    <p class="line small faint"><span>${interpolate(ngettext("%(count)s unit free or soon free", "%(count)s units free or soon free", coverage.units), { count: coverage.units }, true)}</span>
      <span class="push">${gettext("computed")} <time data-age=${coverage.computed_at} data-warn="30" data-late="120"></time></span></p>
    <p class="line small faint" title=${gettext("Each unit may be busy when a call comes")}>${interpolate(gettext("expected in time: %(share)s"), { share: percent(coverage.expected) }, true)}</p>
    <ol class="coverage-scale small faint" aria-label=${gettext("Probability that a unit is there in time")}>
      ${LEVELS.map(({ code, from }) => html`<li><i data-cover=${code}></i>${code === "none" ? gettext("nobody") : `≥ ${percent(from)}`}</li>`)}
    </ol>
  </div>`;
}

export function coverageView(state, act) {
  const [move] = list(state.board, "move_ups");
  return html`
    ${move ? moveView(act, move) : nothing}
    ${askPlace(state.ask) === "coverage" ? askView(state, act) : nothing}
    ${state.coverageShown ? (state.coverage ? legend(state.coverage) : html`<p class="small faint">${gettext("Asking the roads…")}</p>`) : nothing}
    <p class="buttons"><button class="button quiet small" aria-pressed=${state.coverageShown} @click=${act.toggleCoverage}>${gettext("Coverage")} <kbd>V</kbd></button></p>
  `;
}
