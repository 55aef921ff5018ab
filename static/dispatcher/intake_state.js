// The intake form as data: a draft for each call that is not yet an incident. Pure.

const ARREST = "arrest";

export const newDraft = ({ callId, incidentId, ringAt, number = "" }) => ({
  callId,
  incidentId,
  ringAt,
  number,
  placeText: "",
  places: [],
  placesFor: "", // the text that they were found for
  placeEarly: false, // Enter came before them
  placeIndex: 0,
  place: null,
  detail: "",
  answers: {},
  complaintText: "",
  complaintIndex: 0,
  complaint: null,
  complaintGiven: false,
  sex: "unknown",
  age: "",
  note: "",
  triage: null,
  duplicates: [],
  duplicatesSeen: false,
  missing: null,
  saving: false,
});

/** Complaints whose label, code or search words contain every typed word; all of them for nothing typed. */
export function matchingComplaints(protocol, text) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const hay = (complaint) => `${complaint.label} ${complaint.code} ${complaint.search ?? ""}`.toLowerCase();
  const found = (protocol?.complaints ?? []).filter((complaint) => words.every((word) => hay(complaint).includes(word)));
  const starts = (complaint) => (words.length && complaint.label.toLowerCase().startsWith(words[0]) ? 0 : 1);
  return found.sort((a, b) => starts(a) - starts(b));
}

/** Unconscious and not breathing normally is cardiac arrest until shown otherwise: no further typing needed. */
export const looksLikeArrest = (answers, [awake, breathing] = []) =>
  Boolean(awake && breathing && answers[awake.code] === "no" && answers[breathing.code] === "no");

const questionsOf = (protocol, complaint) =>
  (protocol?.complaints ?? []).find((candidate) => candidate.code === complaint)?.questions ?? [];

/** All questions in the order asked: the two arrest questions, then the complaint's. */
export const askedQuestions = (protocol, draft) => [...(protocol?.arrest_questions ?? []), ...questionsOf(protocol, draft.complaint)];

function withComplaint(draft, protocol, complaint, given) {
  const chosen = (protocol?.complaints ?? []).find((candidate) => candidate.code === complaint);
  const kept = new Set([...(protocol?.arrest_questions ?? []), ...(chosen?.questions ?? [])].map((question) => question.code));
  const answers = Object.fromEntries(Object.entries(draft.answers).filter(([code]) => kept.has(code)));
  return { ...draft, complaint, complaintGiven: given, complaintText: chosen?.label ?? "", complaintIndex: 0, answers, missing: null };
}

function withAnswer(draft, protocol, { question, answer }) {
  const next = { ...draft, answers: { ...draft.answers, [question]: answer } };
  const arrest = looksLikeArrest(next.answers, protocol?.arrest_questions);
  const known = (protocol?.complaints ?? []).some((complaint) => complaint.code === ARREST);
  if (arrest && known && !next.complaintGiven) return withComplaint(next, protocol, ARREST, false);
  // Taken back: the form must not keep an arrest that nobody chose.
  if (!arrest && next.complaint === ARREST && !next.complaintGiven) return withComplaint(next, protocol, null, false);
  return next;
}

/** draft + message → draft. */
export function changeDraft(draft, message, protocol) {
  switch (message.t) {
    case "intake/field":
      return { ...draft, [message.field]: message.value };
    case "intake/place_text":
      return { ...draft, placeText: message.text, place: null, places: message.text ? draft.places : [], placeIndex: 0, placeEarly: false };
    case "intake/places":
      return message.text === draft.placeText && !draft.place ? { ...draft, places: message.places, placesFor: message.text, placeIndex: 0 } : draft;
    case "intake/place":
      return { ...draft, place: message.place, placeText: message.place.label, places: [], placeEarly: false, duplicates: [], missing: null };
    case "intake/complaint_text":
      return { ...draft, complaintText: message.text, complaint: null, complaintIndex: 0, triage: null };
    case "intake/complaint":
      return withComplaint(draft, protocol, message.complaint, true);
    case "intake/answer":
      return withAnswer(draft, protocol, message);
    case "intake/triage":
      return { ...draft, triage: message.triage };
    case "intake/duplicates":
      return { ...draft, duplicates: message.duplicates };
    default:
      return draft;
  }
}

/** The first thing that is still missing before the incident can be saved: 'place' | 'complaint' | null. */
export const missingIn = (draft) => (draft.place ? (draft.complaint ? null : "complaint") : "place");

/** The body of POST /api/incidents/. */
export const incidentBody = (draft) => ({
  id: draft.incidentId,
  call_id: draft.callId,
  place: { label: draft.place.label, detail: draft.detail.trim(), lat: draft.place.lat, lon: draft.place.lon, source: draft.place.source },
  complaint: draft.complaint,
  answers: draft.answers,
  patient_sex: draft.sex,
  patient_age_years: draft.age === "" ? null : Number(draft.age),
  caller_note: draft.note.trim(),
});
