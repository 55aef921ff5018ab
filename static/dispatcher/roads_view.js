// Foot of the map: closed roads and zones, closing a road and drawing a zone, and what the map shows.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { list } from "../shared/reduce.js";
import { label, nameOf } from "../shared/terms.js";
import { askPlace, askView } from "./ask_view.js";
import { popButton } from "./pop_button.js";

const closedRoad = (act, closure) => html`<li class="line small">
  <b>${nameOf(closure)}</b> <span class="faint">${label("closure_cause", closure.cause)} · <time data-age=${closure.closed_at}></time></span>
  <button class="button quiet small push" @click=${() => act.reopenRoad(closure)}>${gettext("Open again")}</button>
</li>`;

const zoneRow = (act, zone) => html`<li class="line small">
  <b class="one-line" data-zone=${zone.kind}>${zone.name}</b> <span class="faint">${label("zone_kind", zone.kind)} · <time data-age=${zone.drawn_at}></time></span>
  <button class="button quiet small push" @click=${() => act.removeZone(zone)}>${gettext("Remove")}</button>
</li>`;

const LAYERS = { units: () => gettext("Units"), hospitals: () => gettext("Hospitals"), closures: () => gettext("Closed roads"), zones: () => gettext("Zones"), routes: () => gettext("Roads of the missions") };

const layersView = (state, act) => html`<li class="line small layer-row" role="group" aria-label=${gettext("Layers")}>
  ${Object.entries(LAYERS).map(([code, name]) => html`<button class="button quiet small" aria-pressed=${state.layers[code] !== false} @click=${() => act.toggleLayer(code)}>${name()}</button>`)}
</li>`;

function drawingView(state, act) {
  const count = state.drawing.length;
  const corners = interpolate(ngettext("%(count)s corner", "%(count)s corners", count), { count }, true);
  return html`<div class="notice" data-act="drawing"><b>${gettext("Drawing a zone")} · ${corners}</b>
    <span class="small">${gettext("Click the corners, or move the map with the arrows and set one in its middle.")}</span>
    <span class="buttons">
      <button class="button quiet small" @click=${act.cornerHere}><kbd>${gettext("Space")}</kbd> ${gettext("Corner")}</button>
      <button class="button quiet small" ?disabled=${!count} @click=${act.lessCorner}><kbd>⌫</kbd> ${gettext("Take back")}</button>
      <button class="button small" ?disabled=${count < 3} @click=${act.finishZone}><kbd>⏎</kbd> ${gettext("Done")}</button>
      <button class="button quiet small" @click=${act.back}><kbd>Esc</kbd> ${gettext("Leave it")}</button>
    </span></div>`;
}

export function roadsView(state, act) {
  const closures = list(state.board, "closures");
  const zones = list(state.board, "zones");
  const roads = interpolate(ngettext("%(count)s road closed", "%(count)s roads closed", closures.length), { count: closures.length }, true);
  const areas = interpolate(ngettext("%(count)s zone", "%(count)s zones", zones.length), { count: zones.length }, true);
  return html`
    ${askPlace(state.ask) === "map" ? askView(state, act) : nothing}
    ${state.drawing ? drawingView(state, act) : nothing}
    ${state.pointing ? html`<p class="notice">${gettext("Click the road on the map.")} <button class="button quiet small" @click=${act.back}><kbd>Esc</kbd> ${gettext("Leave it")}</button></p>` : nothing}
    ${state.roadsOpen ? html`<ul>${layersView(state, act)} ${closures.map((closure) => closedRoad(act, closure))} ${zones.map((zone) => zoneRow(act, zone))}</ul>` : nothing}
    <p class="buttons">
      <button class="button quiet small" aria-expanded=${state.roadsOpen} @click=${() => act.set({ roadsOpen: !state.roadsOpen })}>${closures.length || zones.length ? [closures.length ? roads : "", zones.length ? areas : ""].filter(Boolean).join(" · ") : gettext("Layers")}</button>
      <button class="button quiet small" @click=${act.pointAtRoad}>${gettext("Close a road…")} <kbd>C</kbd></button>
      <button class="button quiet small" @click=${act.drawZone}>${gettext("Draw a zone…")} <kbd>Z</kbd></button>
      ${popButton(act, "map")}
    </p>
  `;
}
