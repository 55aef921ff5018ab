// One drug: how much, which way, given now.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { group } from "../entries.js";
import { optionsOf } from "../dose_view.js";
import { keysView } from "../keys_view.js";
import { answers, panel, ready } from "./frame.js";

/** panel: {name: "drug", code, typed, unit, route}. */
export function drugPanel(state, mission, act) {
  const { code, typed = "" } = state.panel;
  const { units, routes, doses } = optionsOf(`drug.${code}`);
  const named = units.filter((one) => one !== "1");
  const unit = state.panel.unit ?? units[0] ?? "";
  const route = state.panel.route ?? routes[0] ?? "";
  const save = () => {
    act.write(mission, group({ "medication.drug": code, "medication.dose": { value: typed, unit }, "medication.route": route }, nowIso()));
    act.close();
  };
  return panel("drug", label("drug", code), html`<output class="dose-value" id="dose">${typed || "—"} <small>${label("unit", unit)}</small></output>
    ${doses.length ? answers("dose", gettext("Usual"), doses.map((one) => [one.value, `${one.value} ${label("unit", one.unit ?? unit)}`]), typed, (value) => act.change({ typed: value })) : ""}
    ${named.length > 1 ? answers("unit", gettext("Unit"), named.map((one) => [one, label("unit", one)]), unit, (one) => act.change({ unit: one })) : ""}
    ${answers("route", gettext("Route"), routes.map((one) => [one, label("route", one)]), route, (one) => act.change({ route: one }))}
    ${keysView(typed, (next) => act.change({ typed: next }))}`, act, { foot: ready("save-dose", gettext("Given now"), save, { disabled: !typed }) });
}
