// One statement of the record as words: 'Aspirin 300 mg oral'.

import { label, termsOf } from "../shared/terms.js";

const VALUE_TABLES = { complaint: "complaint", impression: "impression" };

/** The table that a value is a code of: an observation that is chosen has one of its own name. */
function tableOf(element, table, code) {
  if (VALUE_TABLES[element]) return VALUE_TABLES[element];
  return table === "observation" && termsOf(code).length ? code : null;
}

/** The kind ('Drug'), the thing ('Aspirin') and the amount, each may be empty. */
export function entryWords(row) {
  const [table, code] = row.element.split(".");
  const coded = tableOf(row.element, table, code);
  const value = coded ? label(coded, row.value) : row.value;
  const amount = [value, row.unit && label("unit", row.unit), row.route && label("route", row.route)].filter(Boolean).join(" ");
  const why = row.not_value ? label("not_value", row.not_value) : row.pertinent_negative ? label("pertinent_negative", row.pertinent_negative) : "";
  return { kind: label("element", table), thing: code ? label(table, code) : "", amount, why };
}

export function entryText(row) {
  const { kind, thing, amount, why } = entryWords(row);
  return [thing || kind, amount, why].filter(Boolean).join(" ");
}
