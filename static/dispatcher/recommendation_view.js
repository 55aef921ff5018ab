// Which ambulance, and why: ranked units with road time, one key each; the excluded ones with their reasons.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { item } from "../shared/reduce.js";
import { duration } from "../shared/time.js";
import { label, nameOf } from "../shared/terms.js";
import { currentRecommendation } from "./console_state.js";
import { sidesView } from "./sides_view.js";
import { metres } from "./words.js";

const KEYS = 9;
// What a unit may be doing now and still be the candidate that it was.
const STILL = {
  free: ["available"],
  coming: ["assigned", "acknowledged", "en_route"],
  clearing: ["handed_over", "available"],
  posted: ["assigned", "acknowledged", "en_route", "available"],
};
const reasons = (found) => found.map((reason) => reason.text ?? reason.code).join(" · ");

function candidateRow(state, act, candidate, rank) {
  const unit = item(state.board, "units", candidate.unit_id);
  // The list is a moment's answer: say so when the unit has gone elsewhere or further since.
  const taken = unit && !STILL[candidate.duty].includes(unit.status);
  return html`<li>
    <button
      class="row candidate ${taken ? "dim" : ""}"
      data-rank=${rank}
      data-picked=${candidate.picked}
      aria-current=${state.candidate === candidate.unit_id}
      ?disabled=${taken}
      @mouseenter=${() => act.lookAt(candidate)}
      @focus=${() => act.lookAt(candidate)}
      @click=${() => act.assignRank(rank)}
    >
      <kbd class="rank">${rank <= KEYS ? rank : ""}</kbd>
      <span><b>${candidate.call_sign}</b> <span class="faint small">${label("capability_short", unit?.capability)}</span>${candidate.duty === "coming" ? html` <span class="chip warn">${gettext("under way")}</span>` : nothing}</span>
      <span class="faint small one-line">${taken ? label("mission_state", unit.status) : nameOf(unit?.station)}</span>
      <span class="number road" title=${gettext("With turning out and clearing up")}>${duration(candidate.response_s)}</span>
      <span class="number faint small far">${candidate.distance_m === null ? "" : metres(candidate.distance_m)}</span>
      <span class="why small muted">${reasons(candidate.reasons)}</span>
    </button>
  </li>`;
}

function excludedView(state, act, excluded) {
  if (!excluded.length) return nothing;
  const count = interpolate(ngettext("%(count)s unit not considered", "%(count)s units not considered", excluded.length), { count: excluded.length }, true);
  return html`
    <button class="button quiet small" aria-expanded=${state.showExcluded} @click=${() => act.set({ showExcluded: !state.showExcluded })}>${count} <kbd>X</kbd></button>
    ${state.showExcluded
      ? html`<ul class="excluded small">${excluded.map((unit) => html`<li><b>${unit.call_sign}</b> <span class="faint">${reasons(unit.reasons)}</span></li>`)}</ul>`
      : nothing}
  `;
}

function shortfallsView({ shortfalls }) {
  return shortfalls.map(
    (gap) => html`<p class="notice warn" data-act="shortfall">
      <b>${interpolate(gettext("The run card wants one more: %(level)s"), { level: label("capability", gap.level) }, true)}</b>
      <span class="small">${gap.text || gettext("The centre has no further unit of this level.")}</span>
    </p>`,
  );
}

export function recommendationView(state, act) {
  const recommendation = currentRecommendation(state);
  if (!recommendation) return nothing;
  const { ranked, excluded, made_at, took_ms } = recommendation;
  return html`
    <section class="recommendation" aria-label=${gettext("Recommended units")}>
      <div class="group-head">
        <h3>${gettext("Recommended units")}</h3>
        <span class="chip">${recommendation.wanted.map((level) => label("capability_short", level)).join(" + ")}</span>
        <span class="faint small">${gettext("made")} <time data-age=${made_at} data-warn="30" data-late="120"></time>${took_ms ? html` · <span class="number">${Math.round(took_ms)} ms</span>` : nothing}</span>
        <button class="button quiet small push" @click=${() => act.recommend()}>${gettext("Ask again")} <kbd>R</kbd></button>
      </div>
      ${shortfallsView(recommendation)} ${sidesView(recommendation)}
      ${ranked.length
        ? html`<ol data-rows>${ranked.slice(0, KEYS).map((candidate, index) => candidateRow(state, act, candidate, index + 1))}</ol>`
        : html`<p class="notice bad">${gettext("No unit can be sent. The reasons are listed below.")}</p>`}
      ${excludedView(state, act, excluded)}
    </section>
  `;
}
