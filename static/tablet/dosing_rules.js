// How much of a drug, and what speaks against it. Pure; the twin of record/rules/dosing.py, by the same formulary.

const ADULT_YEARS = 18;
const SLIP = 1e-9; // of binary fractions: 0.3 / 0.1 is 2.9999999999999996

const floored = (value, step) => Math.floor(value / step + SLIP) * step;
const plain = (value) => Number(value.toFixed(6));
const nth = (amounts, before) => amounts[Math.min(before, amounts.length - 1)];

/** The next dose after `before` earlier ones: {value, unit, volume_mL, total} or {refused: 'no_age' | 'not_for_age' | 'no_weight'}. */
export function dose(drug, use, { age_years, weight_kg, before }) {
  if (age_years === null) return { refused: "no_age" };
  const amounts = amountsFor(use, age_years);
  if (!amounts) return { refused: "not_for_age" };
  if (amounts.per_kg && !(weight_kg > 0)) return { refused: "no_weight" };
  const wanted = amounts.per_kg ? nth(amounts.per_kg, before) * weight_kg : nth(amounts.fixed, before);
  const drawn = drawnUp(drug, use, amounts.most ? Math.min(wanted, nth(amounts.most, before)) : wanted);
  return { ...drawn, total: totalOf(use, amounts, weight_kg) };
}

/** An adult's, or those of the oldest children that this child is old enough for. */
const amountsFor = (use, age_years) => (age_years >= ADULT_YEARS ? use.adult : (use.child ?? []).findLast((one) => age_years >= (one.from_years ?? 0)));

/** The most of all doses together for this patient, or null: a child's goes by its weight, too. */
function totalOf(use, amounts, weight_kg) {
  const by_weight = amounts.total_per_kg && weight_kg > 0 ? plain(amounts.total_per_kg * weight_kg) : Infinity;
  const most = Math.min(use.total ?? Infinity, by_weight);
  return most === Infinity ? null : most;
}

/** What a syringe can show, never more than wanted. */
function drawnUp(drug, use, wanted) {
  if (!drug.vials.length) return { value: plain(floored(wanted, 0.001)), unit: drug.unit, volume_mL: null };
  const { per_mL } = drug.vials[use.vial ?? 0];
  const volume = wanted / per_mL;
  const volume_mL = plain(floored(volume, volume + SLIP < 1 ? 0.01 : 0.1));
  return { value: plain(volume_mL * per_mL), unit: drug.unit, volume_mL };
}

/** now: {given: [{ago_s, value}], allergies: [text], own_drugs: [text], vitals: {element: number}}. */
export function cautions(drug, use, next, now) {
  const last_s = Math.min(Infinity, ...now.given.map((one) => one.ago_s));
  const sum = now.given.reduce((all, one) => all + one.value, next.value);
  return [
    ["too_soon", last_s < (use.repeat_s ?? 0)],
    ["too_much", typeof next.total === "number" && sum > next.total + SLIP],
    ["too_often", Boolean(use.doses) && now.given.length >= use.doses],
    ["allergy", names(drug.allergies, now.allergies)],
    ["never_with", names(drug.never_with, now.own_drugs)],
    ["out_of_bounds", (drug.bounds ?? []).some((bound) => outside(bound, now.vitals))],
  ].filter(([, is]) => is).map(([code]) => code);
}

const names = (words = [], said) => words.some((word) => said.some((one) => one.includes(word)));

function outside({ element, below, over }, vitals) {
  const value = vitals[element];
  return value !== undefined && ((below !== undefined && value < below) || (over !== undefined && value > over));
}

/** High alert, controlled, and every child: read back and checked by another. */
export const needsSecondPerson = (drug, age_years) => Boolean(drug.high_alert || drug.controlled) || (age_years !== null && age_years < ADULT_YEARS);

/** Kilograms by age, or null beyond the last band. */
export function weightByAge(bands, age_years) {
  const band = bands.find((one) => age_years < one.below_years);
  return band ? plain(band.plus + (band.per_month ?? 0) * Math.floor(age_years * 12 + SLIP) + (band.per_year ?? 0) * Math.floor(age_years)) : null;
}
