// Every hospital at a glance: divert, free beds with their age, who comes and who waits at the door, surge by colour.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { list } from "../shared/reduce.js";
import { label, nameOf } from "../shared/terms.js";
import { surgeOf } from "./surge_rules.js";

const beds = (hospital) => Object.entries(hospital.beds_free ?? {}).map(([kind, count]) => html`<span class="chip ${count ? "" : "bad"}">${label("bed", kind)} ${count}</span>`);

function surgeView(board, hospital) {
  if (!hospital.surge) return nothing;
  return html`<p class="surge-line" data-surge=${hospital.id}><b>${gettext("Surge")}</b> ${surgeOf(board, hospital).map((one) => html`<span class="chip ${one.left < 0 ? "bad" : ""}" data-colour=${one.colour}>${label("surge_colour", one.colour)} ${one.coming} / ${one.capacity}</span>`)}</p>`;
}

const row = (board, hospital) => html`<li data-hospital=${hospital.id}>
  <p><b>${nameOf(hospital)}</b>
    ${hospital.divert ? html`<span class="chip bad">${gettext("on divert")} <time data-at=${hospital.divert.until}></time> ${label("divert_reason", hospital.divert.reason)}</span>` : nothing}
    <span class="faint">${interpolate(gettext("%(coming)s coming, %(here)s at the door"), { coming: hospital.inbound, here: hospital.offloading }, true)}</span></p>
  <p>${beds(hospital)} ${hospital.declared_at ? html`<time class="faint" data-age=${hospital.declared_at} data-warn="3600" data-late="7200"></time>` : html`<span class="faint">${gettext("not declared yet")}</span>`}</p>
  ${surgeView(board, hospital)}
</li>`;

export function hospitalsState(board) {
  const hospitals = list(board, "hospitals");
  const away = hospitals.filter((one) => one.divert).length;
  const surging = hospitals.some((one) => one.surge);
  if (!hospitals.length) return nothing;
  return html`<details class="hospitals-state" data-bad=${away > 0}><summary>${gettext("Hospitals")} <b>${hospitals.length - away}</b><span class="faint"> / ${hospitals.length}</span>${surging ? html` <span class="chip warn">${gettext("Surge")}</span>` : nothing}</summary>
    <ul>${hospitals.map((one) => row(board, one))}</ul></details>`;
}
