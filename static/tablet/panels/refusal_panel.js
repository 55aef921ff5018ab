// A refusal: can the patient decide, does he know what may happen, why, what he was advised; then he signs.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { termsOf } from "../../shared/terms.js";
import { statement } from "./element_panel.js";
import { placesOf } from "../tablet_state.js";
import { answers, panel, ready } from "./frame.js";

const ADVICE = { again: () => gettext("Call again at any time"), doctor: () => gettext("See a doctor today"), alone: () => gettext("Do not stay alone"), drive: () => gettext("Do not drive") };

const saidOf = (state, mission, element) => placesOf(state, mission).filter((place) => place.element === element).map((place) => place.heads[0].value);

/** panel: {name: "refusal"}; every answer is a statement of its own. */
export function refusalPanel(state, mission, act) {
  const said = (element) => saidOf(state, mission, element);
  const say = (element) => (code) => !said(element).includes(code) && act.write(mission, [statement(state, mission, element, null, code)]);
  const yesNo = termsOf("yes_no").filter(([code]) => ["yes", "no"].includes(code));
  const capacity = said("refusal.capacity")[0];
  const complete = ["refusal.capacity", "refusal.risks_explained", "refusal.reason"].every((element) => said(element).length);
  const advise = (code) => {
    const given = said("refusal.advice")[0]?.split("; ") ?? [];
    const text = ADVICE[code]();
    if (!given.includes(text)) act.write(mission, [statement(state, mission, "refusal.advice", null, [...given, text].join("; "))]);
  };
  const advised = Object.keys(ADVICE).filter((code) => said("refusal.advice")[0]?.includes(ADVICE[code]()));
  return panel("refusal", gettext("Refusal"), html`
    ${answers("capacity", gettext("Can the patient decide for himself (understands, weighs, keeps to it)?"), termsOf("capacity"), capacity, say("refusal.capacity"))}
    ${capacity && capacity !== "present" ? html`<p class="notice bad">${gettext("Without capacity a refusal does not bind: ask the physician, act in the patient’s interest.")}</p>` : ""}
    ${answers("risks", gettext("Were the risks explained, death included?"), yesNo, said("refusal.risks_explained"), say("refusal.risks_explained"))}
    ${answers("reason", gettext("Why?"), termsOf("refusal_reason"), said("refusal.reason"), say("refusal.reason"))}
    ${answers("advice", gettext("Advice given"), Object.entries(ADVICE).map(([code, text]) => [code, text()]), advised, advise)}`, act, {
    foot: ready("refusal-sign", gettext("The patient signs"), () => act.set({ panel: { name: "sign", signer: "patient", reason: "refusal_of_transport", then: null } }), { disabled: !complete }),
  });
}
