// The record on the tablet: making entries, and what stands when several write. Pure; the twin of record/rules/merging.py.
// entry: {id, element, value, unit, route, not_value, pertinent_negative, group, replaces, occurred_at, entered_at}; times are ISO.

import { uuid } from "../api.js";

const ENTERED_IN_ERROR = "entered_in_error";
const SAYS = ["value", "unit", "route", "not_value", "pertinent_negative"];

/** One statement, as it is posted. `more` may name group, unit, route, not_value, pertinent_negative, source, device_at, replaces. */
export function entry(element, value, occurredAt, more = {}) {
  return { id: uuid(), element, group: null, value: String(value ?? ""), unit: "", route: "", not_value: "", pertinent_negative: "", source: "crew", device_at: null, occurred_at: occurredAt, replaces: [], ...more };
}

/** The entries of one new group: `values` is element → value, or → {value, unit, …}. What is undefined or empty is not said. */
export function group(values, occurredAt, more = {}) {
  const tie = more.group ?? uuid();
  return Object.entries(values)
    .filter(([, said]) => said !== undefined && said !== null && said !== "")
    .map(([element, said]) => {
      const { value, ...rest } = typeof said === "object" ? said : { value: said };
      return entry(element, value, occurredAt, { ...more, ...rest, group: tie });
    });
}

/** The statement that replaces every head of a place: a correction, or the settling of a conflict. */
export function correction(place, value, occurredAt, more = {}) {
  return entry(place.element, value, occurredAt, { ...more, group: place.group, replaces: place.heads.map((head) => head.id) });
}

/** Takes a place back; what was said stays in the log. */
export const withdrawal = (place, occurredAt) => correction(place, "", occurredAt, { not_value: ENTERED_IN_ERROR });

/**
 * What stands: [{element, group, heads (newest first), conflict}], the place with the newest head last.
 * `elements` is the catalogue's, code → {many, occurs}; an element that it does not know counts as a list.
 */
export function standing(entries, elements) {
  const rows = [...entries].sort(byOrder);
  const parents = sound(rows);
  const gone = new Set([...parents.values()].flat());
  const family = families(parents);
  const places = new Map();
  for (const row of rows) {
    if (gone.has(row.id)) continue;
    const known = elements[row.element];
    const listed = !known || known.many || known.occurs === "many";
    const key = JSON.stringify([row.element, row.group ?? null, listed ? family(row.id) : null]);
    if (!places.has(key)) places.set(key, []);
    places.get(key).unshift(row);
  }
  return [...places.values()]
    .filter((heads) => heads.some((head) => head.not_value !== ENTERED_IN_ERROR))
    .map((heads) => ({ element: heads[0].element, group: heads[0].group ?? null, heads, conflict: new Set(heads.map(says)).size > 1 }))
    .sort((one, other) => byOrder(one.heads[0], other.heads[0]));
}

/** The ids that another entry replaces. */
export function replaced(entries) {
  const gone = new Set([...sound(entries).values()].flat());
  return entries.map((row) => row.id).filter((id) => gone.has(id));
}

export const conflicts = (places) => places.filter((place) => place.conflict);

/** The groups of a kind ("arrest_event"), oldest first: [{group, values: element → [place]}]. */
export function groupsOf(places, kind) {
  const found = new Map();
  for (const place of places) {
    if (!place.group || !place.element.startsWith(`${kind}.`)) continue;
    if (!found.has(place.group)) found.set(place.group, { group: place.group, values: {} });
    (found.get(place.group).values[place.element] ??= []).push(place);
  }
  return [...found.values()];
}

const says = (row) => JSON.stringify(SAYS.map((name) => row[name] ?? ""));

/** Later is newer; what waits has no entered_at and is newest; the id settles what the clocks cannot. */
function byOrder(one, other) {
  return compare(moment(one.occurred_at), moment(other.occurred_at)) || compare(moment(one.entered_at), moment(other.entered_at)) || compare(one.id, other.id);
}

const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const moment = (iso) => (iso ? Date.parse(iso) + Number(`0.${/\.\d{3}(\d+)/.exec(iso)?.[1] ?? 0}`) : Infinity);

/** id → what it replaces, without circles, which no honest writer makes: nothing may vanish. */
function sound(rows) {
  const kept = new Map(rows.map((row) => [row.id, (row.replaces ?? []).filter((id) => id !== row.id)]));
  for (let around = circle(kept); around; around = circle(kept)) {
    for (const id of around) kept.set(id, kept.get(id).filter((parent) => !around.has(parent)));
  }
  return kept;
}

function circle(parents) {
  const done = new Set();
  for (const start of parents.keys()) {
    const path = [[start, 0]];
    while (path.length) {
      const top = path.at(-1);
      const next = (parents.get(top[0]) ?? [])[top[1]++];
      const at = path.findIndex(([id]) => id === next);
      if (next === undefined) done.add(path.pop()[0]);
      else if (at >= 0) return new Set(path.slice(at).map(([id]) => id));
      else if (!done.has(next)) path.push([next, 0]);
    }
  }
  return null;
}

/** A function id → the least id of all that it is tied to by replacements. */
function families(parents) {
  const leader = new Map([...parents.keys()].map((id) => [id, id]));
  const find = (id) => {
    while (leader.get(id) !== id) id = leader.get(id);
    return id;
  };
  for (const [child, ids] of parents) {
    for (const parent of ids.filter((id) => leader.has(id))) {
      const [first, second] = [find(child), find(parent)].sort();
      leader.set(second, first);
    }
  }
  return find;
}
