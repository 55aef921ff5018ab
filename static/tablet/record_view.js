// The record: its time line, its tabs, and what is being written over them. A tap where a tap will do.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { findingsView } from "./findings_view.js";
import { drugsView, treatmentsView } from "./care_view.js";
import { checkView } from "./check_view.js";
import { ordersToDo } from "./consult/consult_rules.js";
import { consultView } from "./consult/consult_view.js";
import { doseView } from "./dose_view.js";
import { conflicts } from "../shared/record/entries.js";
import { lineView } from "./line_view.js";
import { panelView } from "./panels/panels.js";
import { patientView } from "./patient_view.js";
import { placesOf } from "./tablet_state.js";

const TABS = [
  ["timeline", () => gettext("Time line"), lineView],
  ["patient", () => gettext("Patient"), patientView],
  ["findings", () => gettext("Findings"), findingsView],
  ["drugs", () => gettext("Drugs"), drugsView],
  ["treatments", () => gettext("Treatments"), treatmentsView],
  ["check", () => gettext("Check"), checkView],
  ["consult", () => gettext("Consult"), consultView],
];

export function recordView(state, mission, act) {
  if (state.panel) return html`<div class="tab-body" data-panel=${state.panel.name}>${panelView(state, mission, act)}</div>`;
  const [, , view] = TABS.find(([name]) => name === state.tab) ?? TABS[0];
  const open = conflicts(placesOf(state, mission)).length;
  const todo = ordersToDo(state, mission).length;
  const choose = (name) => {
    act.set({ tab: name, dose: null, unfolded: null });
    if (name === "check") act.check(mission);
  };
  return html`
    <div class="tabs" role="tablist">
      ${TABS.map(([name, text]) => html`<button type="button" role="tab" data-tab=${name} aria-selected=${state.tab === name} @click=${() => choose(name)}>${text()}${name === "check" && open ? html` <span class="chip bad">${open}</span>` : ""}${name === "consult" && todo ? html` <span class="chip bad">${todo}</span>` : ""}</button>`)}
    </div>
    <div class="tab-body" role="tabpanel" data-panel=${state.tab}>${state.dose ? doseView(state, mission, act) : view(state, mission, act)}</div>`;
}
