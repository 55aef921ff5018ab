// What was found: complaint, impression, consciousness and scores, allergies, a note.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, termsOf } from "../shared/terms.js";
import { entryText } from "../shared/record/entry_words.js";
import { grid } from "./grid_view.js";
import { codesButton } from "./panels/codes_panel.js";
import { entriesOf, standing } from "./tablet_state.js";

const IMPRESSION = "situation.primary_impression";
const COUNTED = ["gcs_total", "pain_score", "blood_glucose"];

// What the scores ask for, one tap each, the most urgent first.
const CHOSEN = ["avpu", "oxygen", "work_of_breathing", "capillary_refill", "spo2_target", "penetrating_torso"];
const COMA = ["gcs_eye", "gcs_verbal", "gcs_motor", "pupils"];

/** Where answers are numbers the best stands first; "not testable" is no number and stands last. */
const inOrder = (rows) => (rows.some(([value]) => Number(value)) ? rows.toSorted(([a], [b]) => (Number(b) || 0) - (Number(a) || 0)) : rows);

/** One row of answers; a new tap replaces nothing, the newest word stands. */
const choice = (code, last, mission, act) =>
  grid(code, inOrder(termsOf(code)), (value) => value === last(`observation.${code}`), (value) => act.entry(mission, `observation.${code}`, { value }));

function comaView(last, mission, act) {
  const parts = COMA.slice(0, 3).map((code) => last(`observation.${code}`));
  const sum = parts.every((value) => value && value !== "nt") ? parts.reduce((total, value) => total + Number(value), 0) : null;
  return html`${COMA.map((code, place) => html`<h2>${label("observation", code)}${place === 2 && sum !== null ? html` · <b>GCS ${sum}</b>` : ""}</h2>${choice(code, last, mission, act)}`)}`;
}

/** Typed words: a complaint in the patient's own, an allergy, a note. */
function textForm(name, text, save) {
  const submit = (event) => {
    event.preventDefault();
    const { words } = event.target.elements;
    if (!words.value.trim()) return;
    save(words.value.trim());
    event.target.reset();
  };
  return html`<form class="text-form" data-text=${name} @submit=${submit}><input class="input" name="words" maxlength=${name === "note" ? 4000 : 200} placeholder=${text} aria-label=${text}><button type="submit" class="button">${gettext("Add")}</button></form>`;
}

/** A long list folds to what was chosen; a tap on "Change" unfolds it. */
function folded(name, chosen, state, mission, act) {
  if (!chosen || state.unfolded === name) {
    const tap = (code) => {
      act.entry(mission, name, { value: code });
      act.set({ unfolded: null });
    };
    return grid(name, termsOf(name), (code) => code === chosen, tap);
  }
  return html`<div class="chosen" data-grid=${name}><b>${label(name, chosen)}</b>
    <button type="button" class="button" data-act="change" @click=${() => act.set({ unfolded: name })}>${gettext("Change")}</button></div>`;
}

function scoreTiles(entries, mission, act) {
  return html`<div class="grid">${COUNTED.map((code) => {
    const last = standing(entries, `observation.${code}`)[0];
    return html`<button type="button" class="tile" data-code=${code} aria-pressed=${Boolean(last)} @click=${() => act.set({ dose: { element: `observation.${code}`, value: "" } })}>
      ${label("observation", code)}${last ? html`<b>${last.value} ${label("unit", last.unit)}</b>` : ""}</button>`;
  })}</div>`;
}

export function findingsView(state, mission, act) {
  const entries = entriesOf(state, mission);
  const last = (element) => standing(entries, element)[0]?.value;
  const complaint = last("complaint") ?? state.board.collections.incidents?.[mission.incident_id]?.complaint;
  const chosen = (code) => html`<h2>${label("observation", code)}</h2>${choice(code, last, mission, act)}`;
  const said = (element) => entries.filter((row) => row.element === element && !row.replaced);
  return html`
    <h2>${gettext("Impression")}</h2>
    ${folded("impression", last("impression"), state, mission, act)}
    ${codesButton(state, IMPRESSION, gettext("Official list…"), () => act.open("element", { element: IMPRESSION, group: null }))}
    ${CHOSEN.slice(0, 4).map(chosen)}
    ${comaView(last, mission, act)}
    ${CHOSEN.slice(4).map(chosen)}
    <h2>${gettext("Scores and glucose")}</h2>
    ${scoreTiles(entries, mission, act)}
    <h2>${gettext("Allergies")}</h2>
    <p class="said">${said("allergy").map((row) => html`<span class="chip bad">${entryText(row)}</span>`)}
      ${said("allergy").length ? "" : html`<button type="button" class="button" data-code="no_known_allergy" @click=${() => act.entry(mission, "allergy", { pertinent_negative: "no_known_allergy" })}>${label("pertinent_negative", "no_known_allergy")}</button>`}</p>
    ${textForm("allergy", gettext("Allergic to…"), (value) => act.entry(mission, "allergy", { value }))}
    <h2>${gettext("Note")}</h2>
    ${textForm("note", gettext("What else matters"), (value) => act.entry(mission, "note", { value }))}
    <h2>${gettext("Complaint")}</h2>
    ${folded("complaint", complaint, state, mission, act)}`;
}
