// What the record says that matters for a dose. Pure.

const UNITS = { g: 1000, mg: 1, ug: 0.001 };

/** An amount in another unit of mass, or as it is when the units are the same; null when they cannot be compared. */
function inUnit(value, unit, wanted) {
  if (unit === wanted) return value;
  return UNITS[unit] && UNITS[wanted] ? (value * UNITS[unit]) / UNITS[wanted] : null;
}

/** Earlier doses of a drug in the formulary's unit: [{ago_s, value}], the latest first; those of another kind of unit count as nothing given. */
export function givenOf(places, code, unit, at_ms) {
  const groups = new Map();
  for (const place of places.filter((one) => one.group && one.element.startsWith("medication."))) {
    const of = groups.get(place.group) ?? {};
    groups.set(place.group, { ...of, [place.element]: place.heads[0] });
  }
  const tied = [...groups.values()].filter((of) => of["medication.drug"]?.value === code && !of["medication.drug"].not_value && !of["medication.drug"].pertinent_negative).map((of) => ({ at: of["medication.drug"].occurred_at, dose: of["medication.dose"] }));
  const first = places.filter((one) => one.element === `drug.${code}` && !one.heads[0].pertinent_negative && !one.heads[0].not_value).map((one) => ({ at: one.heads[0].occurred_at, dose: one.heads[0] }));
  return [...tied, ...first]
    .map(({ at, dose }) => ({ ago_s: Math.max(0, (at_ms - Date.parse(at)) / 1000), value: dose ? inUnit(Number(dose.value), dose.unit, unit) ?? 0 : 0 }))
    .sort((a, b) => a.ago_s - b.ago_s);
}

const NUMBERS = /^vital\./;
const MG_DL_OF_MMOL = 18.016; // glucose

/** A vital sign as a number in the unit that forms and bounds are written in; null when it is none. */
export function numberOf({ element, value, unit }) {
  if (value === "" || !Number.isFinite(Number(value))) return null;
  return element === "vital.glucose" && unit === "mg/dL" ? Math.round((Number(value) / MG_DL_OF_MMOL) * 10) / 10 : Number(value);
}

/** {weight_kg, allergies, own_drugs, vitals}: words in small letters, the newest number of each vital sign. */
export function known(places, words) {
  const texts = (...elements) => places.filter((place) => elements.includes(place.element) && !place.heads[0].pertinent_negative && !place.heads[0].not_value).flatMap((place) => place.heads.map((head) => `${head.value} ${words(head)}`.toLowerCase()));
  const weight = places.findLast((place) => place.element === "body.weight")?.heads[0];
  const vitals = {};
  for (const place of places) if (NUMBERS.test(place.element) && numberOf(place.heads[0]) !== null) vitals[place.element] = numberOf(place.heads[0]);
  return { weight_kg: weight && Number(weight.value) > 0 ? Number(weight.value) : null, allergies: texts("allergy", "history.allergy"), own_drugs: texts("history.medication", "history.drug"), vitals };
}
