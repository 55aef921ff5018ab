// What keeps the unit from being sent: the crew rests, or a device is out of order. Said and taken back here.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { HOLDS } from "../shared/holds.js";
import { label } from "../shared/terms.js";
import { holdsWithWaiting } from "./queue_rules.js";
import { unitOf } from "./tablet_state.js";

const ASKED = { rest: () => gettext("The crew needs rest – why?"), equipment: () => gettext("What is out of order?") };
const OVER = { rest: () => gettext("Rest is over"), equipment: () => gettext("In order again"), reserved: null };

const holdLine = (hold, act) => html`<p class="hold-line"><span class="chip warn">${label("hold_kind", hold.kind)}</span> <b>${label("hold", hold.what)}</b>
  ${hold.waiting ? html`<span class="chip">${gettext("waiting to send")}</span>` : html`<span class="faint">${hold.until ? html`${gettext("until")} <time data-at=${hold.until}></time>` : ""}</span>`}
  ${OVER[hold.kind] && !hold.waiting ? html`<button type="button" class="button" data-act="release" @click=${() => act.release(hold)}>${OVER[hold.kind]()}</button>` : ""}</p>`;

export function holdsView(state, act) {
  const unit = unitOf(state);
  return html`<div class="holds">
    ${holdsWithWaiting(unit.holds, state.jobs).map((hold) => holdLine(hold, act))}
    <div class="holds-ask">
      <button type="button" class="button" data-hold="rest" @click=${() => act.set({ sheet: "rest" })}>${gettext("Crew needs rest…")}</button>
      <button type="button" class="button" data-hold="equipment" @click=${() => act.set({ sheet: "equipment" })}>${gettext("Equipment out of order…")}</button>
      <button type="button" class="button" data-act="ledger" @click=${() => act.openLedger(unit)}>${gettext("Controlled drugs…")}</button>
    </div>
  </div>`;
}

/** For the sheet: its title, the choices as [code, text], and what a tap does. */
export const holdChoices = (state, act) => ({
  title: ASKED[state.sheet](),
  choices: HOLDS[state.sheet].map((what) => [what, label("hold", what)]),
  tap: (what) => act.hold(unitOf(state), state.sheet, what),
});
