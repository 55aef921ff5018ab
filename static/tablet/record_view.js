// The record's tabs. A tap where a tap will do.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { findingsView } from "./findings_view.js";
import { drugsView, treatmentsView } from "./care_view.js";
import { doseView } from "./dose_view.js";
import { lineView } from "./line_view.js";
import { patientView } from "./patient_view.js";

const TABS = [
  ["patient", () => gettext("Patient"), patientView],
  ["findings", () => gettext("Findings"), findingsView],
  ["treatments", () => gettext("Treatments"), treatmentsView],
  ["drugs", () => gettext("Drugs"), drugsView],
  ["timeline", () => gettext("Time line"), lineView],
];

export function recordView(state, mission, act) {
  const [, , view] = TABS.find(([name]) => name === state.tab) ?? TABS[0];
  return html`
    <div class="tabs" role="tablist">
      ${TABS.map(([name, text]) => html`<button type="button" role="tab" data-tab=${name} aria-selected=${state.tab === name} @click=${() => act.set({ tab: name, dose: null, unfolded: null })}>${text()}</button>`)}
    </div>
    <div class="tab-body" role="tabpanel" data-panel=${state.tab}>${state.dose ? doseView(state, mission, act) : view(state, mission, act)}</div>`;
}
