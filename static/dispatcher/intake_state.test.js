import assert from "node:assert/strict";
import { test } from "node:test";

import { askedQuestions, changeDraft, incidentBody, matchingComplaints, missingIn, newDraft } from "./intake_state.js";

const protocol = {
  arrest_questions: [{ code: "awake" }, { code: "breathing" }],
  complaints: [
    { code: "arrest", label: "Cardiac arrest", questions: [] },
    { code: "chest_pain", label: "Chest pain", search: "heart 心梗", questions: [{ code: "sweating" }] },
    { code: "trauma", label: "Injury, fall", questions: [{ code: "height" }] },
  ],
};
const draft = (...messages) =>
  messages.reduce((state, message) => changeDraft(state, message, protocol), newDraft({ callId: "c1", incidentId: "i1", ringAt: "2026-01-01T10:00:00+00:00" }));
const answer = (question, value) => ({ t: "intake/answer", question, answer: value });
const place = { label: "1 Main Street", lat: 30, lon: 120, source: "address" };

test("not awake and not breathing is an arrest without further typing", () => {
  const state = draft(answer("awake", "no"), answer("breathing", "no"));

  assert.equal(state.complaint, "arrest");
  assert.equal(missingIn(state), "place");
});

test("an answer taken back takes the assumed arrest back", () => {
  const state = draft(answer("awake", "no"), answer("breathing", "no"), answer("breathing", "yes"));

  assert.equal(state.complaint, null);
});

test("a complaint that the person chose is never overwritten", () => {
  const state = draft({ t: "intake/complaint", complaint: "trauma" }, answer("awake", "no"), answer("breathing", "no"));

  assert.equal(state.complaint, "trauma");
});

test("the arrest questions are asked first, and another complaint drops the answers of the old one", () => {
  const state = draft({ t: "intake/complaint", complaint: "chest_pain" }, answer("awake", "yes"), answer("sweating", "yes"), { t: "intake/complaint", complaint: "trauma" });

  assert.deepEqual(askedQuestions(protocol, state).map(({ code }) => code), ["awake", "breathing", "height"]);
  assert.deepEqual(state.answers, { awake: "yes" });
});

test("complaints are found by label, code and keyword, in either script", () => {
  const found = (text) => matchingComplaints(protocol, text).map(({ code }) => code);

  assert.deepEqual(found(""), ["arrest", "chest_pain", "trauma"]);
  assert.deepEqual(found("chest"), ["chest_pain"]);
  assert.deepEqual(found("心梗"), ["chest_pain"]);
  assert.deepEqual(found("nothing"), []);
});

test("places that arrive late for an older text are ignored", () => {
  const state = draft({ t: "intake/place_text", text: "Main" }, { t: "intake/places", text: "Mai", places: [place] });

  assert.deepEqual(state.places, []);
  assert.deepEqual(draft({ t: "intake/place_text", text: "Main" }, { t: "intake/places", text: "Main", places: [place] }).places, [place]);
});

test("places belong to the text that they were found for", () => {
  const typed = draft({ t: "intake/place_text", text: "Mai" }, { t: "intake/places", text: "Mai", places: [place] }, { t: "intake/place_text", text: "Main" });

  assert.equal(typed.placesFor, "Mai");
  assert.equal(typed.placeText, "Main");
});

test("typing after a choice gives the place up", () => {
  const state = draft({ t: "intake/place", place }, { t: "intake/place_text", text: "1 Main Stre" });

  assert.equal(state.place, null);
});

test("the saved body carries numbers as numbers and an unknown age as null", () => {
  const state = draft({ t: "intake/place", place }, { t: "intake/complaint", complaint: "trauma" }, { t: "intake/field", field: "detail", value: " flat 3 " });

  assert.equal(missingIn(state), null);
  assert.equal(incidentBody(state).patient_age_years, null);
  assert.equal(incidentBody(state).place.detail, "flat 3");
  assert.equal(incidentBody(changeDraft(state, { t: "intake/field", field: "age", value: "67" })).patient_age_years, 67);
});
