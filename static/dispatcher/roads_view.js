// Foot of the map: the roads that are closed, and closing one by pointing at it.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { list } from "../shared/reduce.js";
import { label, nameOf } from "../shared/terms.js";
import { askPlace, askView } from "./ask_view.js";

const closedRoad = (act, closure) => html`<li class="line small">
  <b>${nameOf(closure)}</b> <span class="faint">${label("closure_cause", closure.cause)} · <time data-age=${closure.closed_at}></time></span>
  <button class="button quiet small push" @click=${() => act.reopenRoad(closure)}>${gettext("Open again")}</button>
</li>`;

export function roadsView(state, act) {
  const closures = list(state.board, "closures");
  const title = interpolate(ngettext("%(count)s road closed", "%(count)s roads closed", closures.length), { count: closures.length }, true);
  return html`
    ${askPlace(state.ask) === "map" ? askView(state, act) : nothing}
    ${state.pointing ? html`<p class="notice">${gettext("Click the road on the map.")} <button class="button quiet small" @click=${act.back}><kbd>Esc</kbd> ${gettext("Leave it")}</button></p>` : nothing}
    ${state.roadsOpen && closures.length ? html`<ul>${closures.map((closure) => closedRoad(act, closure))}</ul>` : nothing}
    <p class="buttons">
      ${closures.length ? html`<button class="button small" aria-expanded=${state.roadsOpen} @click=${() => act.set({ roadsOpen: !state.roadsOpen })}>${title}</button>` : nothing}
      <button class="button quiet small" @click=${act.pointAtRoad}>${gettext("Close a road…")} <kbd>C</kbd></button>
    </p>
  `;
}
