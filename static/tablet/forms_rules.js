// The one engine of all forms; the twin of record/rules/forms.py. Pure: a form of /api/record/forms/ and answers, item → text.

import { entry } from "../shared/record/entries.js";

const answered = (said) => said !== "" && said !== "unknown";

/** {complete, score, band, reasons, missing, proposals: [[element, value]]}. What is unknown is missing, never 0. */
export function evaluateForm(form, answers) {
  const seen = new Map(form.items.filter((item) => visible(item, answers)).map((item) => [item.id, known(item, answers)]));
  return form.criteria.length ? judged(form, seen) : summed(form, seen);
}

export const visible = (item, answers) => !item.visible_item || answers[item.visible_item] === item.visible_is;

/** The answers that stand of one group of entries `form.<form>.<item>`: item → text. */
export function answersOf(form, groupId, places) {
  const prefix = `form.${form.id}.`;
  return Object.fromEntries(places.filter((place) => place.group === groupId && place.element.startsWith(prefix)).map((place) => [place.element.slice(prefix.length), place.heads[0].value]));
}

/** The entry of an answer; `places` are those that stand, whose heads of this item it replaces. */
export function answer(form, item, value, groupId, places, occurredAt) {
  const element = `form.${form.id}.${item}`;
  const heads = places.filter((place) => place.group === groupId && place.element === element).flatMap((place) => place.heads);
  return entry(element, value, occurredAt, { group: groupId, replaces: heads.map((head) => head.id) });
}

function known(item, answers) {
  const said = answers[item.id] ?? "";
  return !item.options.length || item.options.some((option) => option.code === said) ? said : "";
}

function summed(form, seen) {
  const missing = [];
  const reasons = [];
  let total = 0;
  for (const item of form.items.filter(({ id }) => seen.has(id))) {
    const counts = item.options.some((option) => option.points !== null);
    const points = item.options.find((option) => option.code === seen.get(item.id))?.points ?? null;
    if (points === null) {
      if (counts || (decides(form, item) && !answered(seen.get(item.id)))) missing.push(item.id);
    } else if (points) {
      total += points;
      reasons.push(item.id);
    }
  }
  if (missing.length) return { complete: false, score: null, band: "", reasons, missing, proposals: [] };
  const band = form.bands.filter((one) => one.low <= total).reduce((best, one) => (one.low > best.low ? one : best));
  const score = form.score ? [[form.score, String(total)]] : [];
  return { complete: true, score: total, band: band.code, reasons, missing, proposals: [...score, ...band.proposes] };
}

const decides = (form, item) => form.items.some((one) => one.visible_item === item.id && one.options.some((option) => option.points !== null));

function judged(form, seen) {
  const states = new Map(form.criteria.map((one) => [one.id, met(one, seen)]));
  const ranks = form.bands.map((band) => band.code);
  const found = form.criteria.filter((one) => states.get(one.id));
  const rank = Math.min(ranks.length - 1, ...found.map((one) => ranks.indexOf(one.band)));
  const worse = form.criteria.filter((one) => states.get(one.id) === null && ranks.indexOf(one.band) < rank);
  const asked = new Set(worse.flatMap((one) => one.clauses.flatMap((clause) => [clause.item, clause.other])));
  return {
    complete: !worse.length,
    score: null,
    band: found.length || !worse.length ? ranks[rank] : "",
    reasons: found.map((one) => one.id),
    missing: form.items.map((item) => item.id).filter((id) => asked.has(id) && !answered(seen.get(id) ?? "")),
    proposals: found.filter((one) => one.element).map((one) => [one.element, one.code]),
  };
}

function met(criterion, seen) {
  const states = criterion.clauses.map((clause) => holds(clause, seen));
  if (states.includes(false)) return false;
  return states.includes(null) ? null : true;
}

function holds(clause, seen) {
  const said = seen.get(clause.item) ?? "";
  if (!answered(said)) return null;
  if (clause.equals) return said === clause.equals;
  const value = number(said);
  const other = clause.other ? number(seen.get(clause.other) ?? "") : 0;
  if (value === null || other === null) return null;
  const more = other * clause.times;
  return clause.below !== null ? value < clause.below + more : clause.over !== null && value > clause.over + more;
}

const number = (said) => (said.trim() !== "" && Number.isFinite(Number(said)) ? Number(said) : null);
