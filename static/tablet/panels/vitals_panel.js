// Vital signs: what the devices measured is confirmed with one tap; what a person measured is typed.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label } from "../../shared/terms.js";
import { uuid } from "../../shared/api.js";
import { nowIso } from "../../shared/time.js";
import { entry } from "../../shared/record/entries.js";
import { elementText } from "../../shared/record/entry_words.js";
import { panel, ready } from "./frame.js";
import { elementOf } from "../reference.js";

const BY_HAND = ["vital.heart_rate", "vital.systolic", "vital.diastolic", "vital.respiratory_rate", "vital.spo2", "vital.etco2", "vital.temperature", "vital.glucose", "vital.pain", "vital.gcs_total"];

/** The entries that confirm what was proposed, with the device's own time. */
export const confirmation = (proposals, at) =>
  proposals.map((one) => entry(one.element, one.value, at, { group: one.group, unit: one.unit, source: one.reading_id ? "device" : "crew", device_at: one.reading_id ? one.at : null, reading_id: one.reading_id }));

const AGAIN_MS = 4000;

/** While the panel is open the proposals are as fresh as the devices. */
export function followVitals(store, act, missionOf) {
  let asked_ms = 0;
  const ask = (state) => {
    const mission = missionOf(state);
    if (state.panel?.name !== "vitals" || !mission || Date.now() - asked_ms < AGAIN_MS) return;
    asked_ms = Date.now();
    act.check(mission);
  };
  store.subscribe(ask);
  setInterval(() => ask(store.state), AGAIN_MS);
}

export function vitalsPanel(state, mission, act) {
  const found = state.checked?.missionId === mission.id ? state.checked.proposals.filter((one) => one.element.startsWith("vital.")) : [];
  const confirm = () => {
    act.write(mission, confirmation(found, nowIso()));
    act.set({ checked: { ...state.checked, proposals: state.checked.proposals.filter((one) => !found.includes(one)) }, panel: null });
  };
  const group = state.panel.group ?? uuid();
  const type = (element) => act.set({ panel: { name: "element", element, group, then: { ...state.panel, group } } });
  return panel("vitals", gettext("Vital signs"), html`
    ${found.length ? html`<ul class="proposed">${found.map((one) => html`<li data-element=${one.element}><span>${elementText(one.element, state.reference)}</span><b>${one.value} ${label("unit", one.unit)}</b>${one.at ? html`<time data-at=${one.at}></time>` : ""}</li>`)}</ul>`
      : html`<p class="empty">${gettext("No fresh values of the devices here. Type what you measured.")}</p>`}
    <h2>${gettext("Measured by hand")}</h2>
    <div class="grid">${BY_HAND.filter((code) => elementOf(state, code)).map((code) => html`<button type="button" class="tile" data-code=${code} @click=${() => type(code)}>${elementText(code, state.reference)}</button>`)}</div>`, act, {
    foot: found.length ? ready("confirm-vitals", interpolate(gettext("Confirm %(count)s values"), { count: found.length }, true), confirm) : "",
  });
}
