// Right: every unit with status, station, age of its position and the time it needs.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { duration } from "../shared/time.js";
import { label, nameOf } from "../shared/terms.js";
import { item } from "../shared/reduce.js";
import { rowsInView } from "../shared/window_rows.js";
import { askPlace, askView } from "./ask_view.js";
import { isFree, unitCounts, unitRows } from "./choose.js";
import { currentIncident, currentRecommendation } from "./console_state.js";
import { etaView } from "./eta_view.js";
import { postingBar, postingChip } from "./coverage_view.js";
import { shortNumber } from "./words.js";
import { popButton } from "./pop_button.js";

// The height of a row in console.css: a list of a thousand draws only what is in view.
const ROW_PX = 52;

function estimate({ mission, candidate }) {
  if (candidate) {
    return html`<span class="eta candidate" title=${gettext("To the selected incident, turning out included")}><kbd>${candidate.rank}</kbd> <span class="number">${duration(candidate.response_s)}</span></span>`;
  }
  return html`<span class="eta" title=${gettext("Arrives in")}>${mission ? etaView(mission) : nothing}</span>`;
}

function since(unit, mission) {
  const at = mission?.times?.[unit.status];
  return at ? html`<time class="faint small" data-age=${at}></time>` : nothing;
}

const crew = (unit) => (unit.crew ?? []).map((one) => nameOf(one)).join(", ");

function fix(unit) {
  if (unit.status === "off_shift" || unit.status === "out_of_service") return html`<span class="fix faint">${unit.plate}</span>`;
  if (!unit.fix) return html`<span class="fix" data-level="late">${gettext("no position")}</span>`;
  return html`<span class="fix faint">${gettext("fix")} <time data-age=${unit.fix.fix_at} data-warn="30" data-late="120"></time></span>`;
}

// Why a unit that is free on paper is not: the first hold, and that there are more.
function kept(unit) {
  const [first, ...more] = unit.holds ?? [];
  return first ? html`<span class="chip warn" title=${label("hold", first.what)}>${label("hold_kind", first.kind)}${more.length ? ` +${more.length}` : ""}</span>` : nothing;
}

function unitBar(state, act) {
  const unit = item(state.board, "units", state.selection.unit);
  if (!unit) return nothing;
  return html`<div class="panel-foot unit-bar">
    ${askPlace(state.ask) === "units" ? askView(state, act) : nothing}
    <p class="line"><b>${unit.call_sign}</b> <span class="faint small">${unit.plate} · ${label("capability", unit.capability)}</span></p>
    <p class="line unit-tools">
      ${isFree(unit) ? html`<button class="button small" data-act="post" @click=${() => act.askPost(unit)}>${gettext("Post…")} <kbd>P</kbd></button>` : nothing}
      <button class="button quiet small" @click=${() => act.openReplay(unit)}>${gettext("Replay…")} <kbd>T</kbd></button>
      <button class="button small" @click=${() => act.askHold(unit)}>${gettext("Keep back…")}</button></p>
    ${postingBar(state, act, unit)}
    ${(unit.holds ?? []).map(
      (hold) => html`<p class="line small"><span class="chip warn">${label("hold_kind", hold.kind)}</span> ${label("hold", hold.what)}
        ${hold.until ? html`<span class="faint">${gettext("until")} <time data-at=${hold.until}></time></span>` : nothing}
        <button class="button quiet small push" @click=${() => act.release(hold)}>${gettext("Release")}</button></p>`,
    )}
  </div>`;
}

function unitRow(state, act, row) {
  const { unit, mission, near, candidate } = row;
  const dim = state.selection.incident && !near && !candidate;
  return html`<li>
    <button class="row unit ${dim ? "dim" : ""}" data-unit=${unit.id} aria-current=${state.selection.unit === unit.id} @click=${() => act.selectUnit(unit)}>
      <span class="status plain" data-status=${unit.status}><b>${unit.call_sign}</b></span>
      <span class="level faint small">${label("capability_short", unit.capability)}</span>
      <span class="doing one-line"><span data-status=${unit.status} class="word">${label("unit_status", unit.status)}</span> ${since(unit, mission)} ${postingChip(unit, mission)} ${kept(unit)}</span>
      ${estimate(row)}
      <span class="where faint small one-line">${nameOf(unit.station)}${crew(unit) ? ` · ${crew(unit)}` : ""}</span>
      ${fix(unit)}
    </button>
  </li>`;
}

/** While an incident is followed: those that serve it or could; a search looks among all. */
const followed = (state, incident) => Boolean(incident) && state.follow && state.unitFilter === "all" && !state.unitText.trim();

function rowsOf(state, incident, ranked) {
  const rows = unitRows(state.board, { filter: state.unitFilter, text: state.unitText, incidentId: incident?.id ?? null, ranked });
  return followed(state, incident) ? rows.filter((row) => row.near || row.candidate) : rows;
}

/** How far the list is scrolled, by whole rows: a smaller step changes nothing that is drawn. */
function scrolled(event, state, act) {
  const { scrollTop, clientHeight } = event.target;
  const top = Math.floor(scrollTop / ROW_PX) * ROW_PX;
  if (top !== state.unitScroll.top || clientHeight !== state.unitScroll.height) act.set({ unitScroll: { top, height: clientHeight } });
}

export function unitsView(state, act) {
  const counts = unitCounts(state.board);
  const recommendation = currentRecommendation(state);
  const incident = currentIncident(state);
  const ranked = incident && incident.state !== "closed" ? (recommendation?.ranked ?? []) : [];
  const all = rowsOf(state, incident, ranked);
  const { first, last, above_px, below_px } = rowsInView({ count: all.length, row_px: ROW_PX, top_px: state.unitScroll.top, height_px: state.unitScroll.height });
  const names = { all: gettext("All"), free: gettext("Free"), busy: gettext("Busy") };
  return html`
    <div class="panel-head">
      <h2>${gettext("Units")}</h2>
      ${incident ? html`<button class="button small" aria-pressed=${state.follow} title=${gettext("Only what belongs to the selected incident")} @click=${act.toggleFollow}>${shortNumber(incident.number)} <kbd>E</kbd></button>` : nothing}
      <div class="choice small-choice push" role="group" aria-label=${gettext("Show units")}>
        ${Object.entries(names).map(([code, name]) => html`<button aria-pressed=${state.unitFilter === code} @click=${() => act.set({ unitFilter: code })}>${name} ${counts[code]}</button>`)}
      </div>
      ${popButton(act, "units")}
    </div>
    <div class="find">
      <input id="find-unit" class="input" type="search" .value=${state.unitText} placeholder=${gettext("Call sign or station")} aria-label=${gettext("Find a unit")} @input=${(event) => act.set({ unitText: event.target.value })} />
      <kbd>/</kbd>
    </div>
    <ul class="panel-body unit-list" data-rows @scroll=${(event) => scrolled(event, state, act)} style="--above:${above_px}px;--below:${below_px}px">
      ${repeat(all.slice(first, last), ({ unit }) => unit.id, (row) => unitRow(state, act, row))}
      ${all.length || !state.board.ready ? nothing : html`<li class="empty small">${followed(state, incident) ? gettext("No unit serves this incident yet.") : gettext("No unit matches.")}</li>`}
    </ul>
    ${unitBar(state, act)}
  `;
}
