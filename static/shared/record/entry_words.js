// Statements of the record as words: 'Aspirin 300 mg oral'.

import { label, termsOf, wordOf } from "../terms.js";
import { clock } from "../time.js";

const VALUE_TABLES = { complaint: "complaint", impression: "impression" };
// What a group is called by, and what is only said of it in detail.
const FIRST = ["medication.drug", "procedure.kind", "arrest_event.kind", "exam.region", "signature.signer", "attachment.kind"];
const QUIET = new Set(["signature.image", "signature.statement", "signature.statement_version", "attachment.reference", "attachment.name", "signature.signed_at", "medication.given_by", "procedure.done_by", "exam.area"]);

/** The table that a value is a code of: an observation that is chosen has one of its own name. */
function tableOf(element, table, code, known) {
  if (known?.table) return known.table;
  if (VALUE_TABLES[element]) return VALUE_TABLES[element];
  return table === "observation" && termsOf(code).length ? code : null;
}

const whyOf = (row) => (row.not_value ? label("not_value", row.not_value) : row.pertinent_negative ? label("pertinent_negative", row.pertinent_negative) : "");

/** A value as read: its label when coded, with its unit and route. `known`: the element of the catalogue, if any. */
export function valueText(row, known = null) {
  const [table, code] = row.element.split(".");
  const coded = tableOf(row.element, table, code, known);
  const value = known?.type === "time" ? clock(row.value) : coded ? label(coded, row.value) : row.value;
  return [value, row.unit && label("unit", row.unit), row.route && label("route", row.route), whyOf(row)].filter(Boolean).join(" ");
}

/** What an element is called: 'Heart rate'; of a form, the words of its item. */
export function elementText(code, reference) {
  const known = reference?.catalogue?.elements[code];
  if (known) return wordOf(known);
  const [table, form, item] = code.split(".");
  if (table === "form") {
    const found = reference?.forms?.forms[form];
    return item ? wordOf(found?.items.find((one) => one.id === item)) || item : wordOf(found) || form;
  }
  return form ? label(table, form) : label("element", table);
}

/** The kind ('Drug'), the thing ('Aspirin') and the amount of one statement; each may be empty. */
export function entryWords(row, reference = null) {
  const known = reference?.catalogue?.elements[row.element];
  const [table, code] = row.element.split(".");
  if (known || table === "form") return { kind: elementText(row.element, reference), thing: formValue(row, reference) ?? valueText({ ...row, not_value: "", pertinent_negative: "" }, known), amount: "", why: whyOf(row) };
  const value = valueText({ ...row, not_value: "", pertinent_negative: "" });
  return { kind: label("element", table), thing: code ? label(table, code) : "", amount: value, why: whyOf(row) };
}

export function entryText(row, reference = null) {
  const { kind, thing, amount, why } = entryWords(row, reference);
  return [thing || kind, amount, why].filter(Boolean).join(" ");
}

function formValue(row, reference) {
  const [, form, item] = row.element.split(".");
  const option = reference?.forms?.forms[form]?.items.find((one) => one.id === item)?.options.find((one) => one.code === row.value);
  return option ? wordOf(option) : row.element.startsWith("form.") ? row.value : null;
}

/** One attempt that succeeded is what everybody expects. */
const goesWithoutSaying = ({ element, heads: [head] }) => (element === "procedure.success" && head.value === "yes") || (element === "procedure.attempts" && head.value === "1") || (element === "exam.side" && head.value === "midline") || element === "arrest_event.shock_type" || element === "medication.authorisation";

/** 'BP 149/91 mmHg · HR 102 /min': as people write them down. */
function vitalWords(places, reference) {
  const of = new Map(places.map((place) => [place.element, place]));
  const [systolic, diastolic] = [of.get("vital.systolic"), of.get("vital.diastolic")];
  const text = (place) => valueText(place.heads[0], reference.catalogue.elements[place.element]);
  const pressure = systolic && diastolic ? [`${gettext("BP")} ${systolic.heads[0].value}/${text(diastolic)}`] : [];
  const others = places.filter((place) => !(pressure.length && [systolic, diastolic].includes(place)));
  return [...pressure, ...others.map((place) => `${SHORT[place.element]?.() ?? elementText(place.element, reference)} ${text(place)}`)];
}

const SHORT = {
  "vital.heart_rate": () => gettext("HR"),
  "vital.pulse_rate": () => gettext("Pulse"),
  "vital.respiratory_rate": () => gettext("RR"),
  "vital.spo2": () => gettext("SpO₂"),
  "vital.etco2": () => gettext("EtCO₂"),
  "vital.temperature": () => gettext("Temp"),
  "vital.mean_pressure": () => gettext("MAP"),
};

/** A row of the time line: the kind, what it is called by, and the rest: {kind, thing, more: [text]}. */
export function rowWords(row, reference) {
  const kind = row.kind === "form" ? elementText(row.places[0].element.split(".").slice(0, 2).join("."), reference) : wordOf(reference.catalogue?.groups[row.kind]) || label("element", row.kind);
  if (row.places.length === 1 && !FIRST.includes(row.places[0].element)) {
    const { kind: own, thing, amount, why } = entryWords(row.places[0].heads[0], reference);
    return { kind: own, thing, more: [amount, why].filter(Boolean) };
  }
  const called = row.places.find((place) => FIRST.includes(place.element));
  const order = new Map(Object.keys(reference.catalogue?.elements ?? {}).map((code, at) => [code, at]));
  const rest = row.places.filter((place) => place !== called && !QUIET.has(place.element) && !goesWithoutSaying(place)).sort((a, b) => (order.get(a.element) ?? 0) - (order.get(b.element) ?? 0));
  if (row.kind === "vital") return { kind, thing: "", more: vitalWords(rest, reference) };
  const bare = new Set(["medication", "procedure", "arrest_event", "exam", "signature", "attachment"]);
  const said = rest.map((place) => {
    const text = entryText(place.heads[0], reference);
    return bare.has(row.kind) && !["procedure.success", "procedure.attempts"].includes(place.element) ? text : `${elementText(place.element, reference)} ${text}`;
  });
  return { kind, thing: called ? entryText(called.heads[0], reference) : "", more: said };
}
