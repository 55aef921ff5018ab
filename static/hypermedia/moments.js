// All that happened, as a list: the row that is now, a jump to each, pictures and voices where they belong.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { openEcg } from "../shared/ecg/ecg_viewer.js";
import { clock } from "../shared/time.js";
import { currentOf, isLate } from "./timeline_rules.js";

const iso = (ms) => new Date(ms).toISOString();

function media(moment) {
  if (!moment.media) return "";
  if (moment.kind === "voice") return html`<audio controls preload="none" src=${moment.media} @click=${(event) => event.stopPropagation()}></audio>`;
  return html`<a href=${moment.media} target="_blank" rel="noopener" @click=${(event) => event.stopPropagation()}><img loading="lazy" src=${moment.media} alt=${moment.title}></a>`;
}

function opener(moment) {
  if (moment.more?.ecg) return html`<button type="button" class="button small" @click=${(event) => (event.stopPropagation(), openEcg(moment.more.ecg))}>${gettext("Open ECG")}</button>`;
  return moment.link ? html`<a class="button small" href=${moment.link} target="_blank" rel="noopener" @click=${(event) => event.stopPropagation()}>${gettext("Open")}</a>` : "";
}

function rowView(moment, current, onJump) {
  return html`<li class="moment" data-moment=${moment.id} data-lane=${moment.lane} data-kind=${moment.kind} ?data-urgent=${moment.urgent} aria-current=${moment.id === current ? "true" : nothing}>
    <button type="button" class="moment-jump" @click=${() => onJump(moment)}>
      <time datetime=${iso(moment.at_ms)}>${clock(iso(moment.at_ms))}</time>
      <span class="moment-words"><b>${moment.urgent ? "! " : ""}${moment.title}</b> ${moment.detail ? html`<span>${moment.detail}</span>` : ""}
        ${moment.by || isLate(moment) ? html`<small>${moment.by}${isLate(moment) ? ` ${interpolate(gettext("arrived %(at)s"), { at: clock(iso(moment.recorded_ms)) }, true)}` : ""}</small>` : ""}</span>
    </button>
    ${moment.media || moment.link || moment.more?.ecg ? html`<div class="moment-more">${media(moment)}${opener(moment)}</div>` : ""}
  </li>`;
}

/** shown: the lane that is shown alone, or "". */
export function momentsView({ record, at_ms, shown, onShow, onJump }) {
  const lanes = Object.entries(record.lanes).filter(([lane]) => record.moments.some((one) => one.lane === lane));
  const rows = record.moments.filter((one) => !shown || one.lane === shown);
  const current = currentOf(rows, at_ms);
  return html`<section class="panel moments">
    <header class="panel-head"><h2>${gettext("What happened")}</h2><span class="count">${rows.length}</span>
      <div class="choice" role="group" aria-label=${gettext("Show")}><button type="button" aria-pressed=${!shown} @click=${() => onShow("")}>${gettext("All")}</button>${lanes.map(([lane, name]) => html`<button type="button" aria-pressed=${shown === lane} @click=${() => onShow(shown === lane ? "" : lane)}>${name}</button>`)}</div></header>
    <ol class="panel-body moment-list">${rows.map((moment) => rowView(moment, current, onJump))}${rows.length ? "" : html`<li class="empty">${gettext("Nothing yet")}</li>`}</ol>
  </section>`;
}
