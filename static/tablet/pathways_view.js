// The mission's pathways on the tablet: suspicion with one press, ticks with gloves, the clocks that all sides share.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { pathwayView, suspectView } from "../shared/pathways/pathway_view.js";
import { isPosting, pathwaysOf } from "./tablet_state.js";

const WITH_PATIENT = ["en_route", "on_scene", "at_patient", "on_board", "left_scene", "at_destination", "handed_over"];

export function pathwaysView(state, mission, act) {
  if (isPosting(mission) || !WITH_PATIENT.includes(mission.state)) return "";
  const catalogue = state.reference.pathways;
  const active = pathwaysOf(state, mission);
  const given = { catalogue, side: "crew", act: act.pathways };
  return html`<section class="tablet-pathways" aria-label=${gettext("Pathways")}>${active.map((one) => pathwayView(one, given))}${mission.open ? suspectView(mission.id, active, given) : ""}</section>`;
}
