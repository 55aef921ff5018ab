// Codes stored, labels translated: the page carries {table: {code: label}} in the user's language.

let tables = null;

function load() {
  const element = document.getElementById("terms");
  tables = element ? JSON.parse(element.textContent) : {};
}

/** A term as the start of a line: tables hold 'en route' so that it also reads well inside a sentence. */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// A unit of measurement is written as it is: Mg is not mg.
const VERBATIM = new Set(["unit", "vital_unit"]);

// Names of official codes (`icd10:I21.3`), {value: {en, zh}}, where a screen has loaded them.
let officialNames = new Map();

/** rows: [[value, en, zh], …] of every list. */
export function nameOfficialCodes(rows) {
  officialNames = new Map(rows.map(([value, en, zh]) => [value, { en, zh }]));
}

/** label('mission_state', 'en_route') → 'En route'. An unknown code is shown as it is, never hidden. */
export function label(table, code) {
  if (tables === null) load();
  if (code === null || code === undefined || code === "") return "";
  const text = tables[table]?.[code] ?? (wordOf(officialNames.get(code)) || String(code));
  return VERBATIM.has(table) ? text : capital(text);
}

/** [[code, label], …] of a table, in the server's order. */
export function termsOf(table) {
  if (tables === null) load();
  return Object.entries(tables[table] ?? {}).map(([code, text]) => [code, capital(text)]);
}

export const chinese = () => document.documentElement.lang.toLowerCase().startsWith("zh");

/** The item's name (or label) in the page's language, or the other one when it is missing. */
export function nameOf(thing, field = "name") {
  if (!thing) return "";
  const first = chinese() ? "zh" : "en";
  const second = chinese() ? "en" : "zh";
  return thing[`${field}_${first}`] || thing[`${field}_${second}`] || "";
}

/** A person's name in both writings: what is written down is read in either language. */
export const namesOf = ({ name_zh, name_en }) => [...new Set([name_zh, name_en])].filter(Boolean).join(" ");

/** What a data file says in both languages, {en, zh}, in the page's. */
export const wordOf = (said) => (said ? (chinese() ? said.zh : said.en) || said.en || said.zh || "" : "");

/** Where an incident is: a place of our own in the page's language, what a caller said as it was said. */
export const placeOf = (incident) => (chinese() && incident?.place_label_zh) || incident?.place_label || "";

/** Server-rendered codes get their labels: <span data-term="mission_state">en_route</span>. */
export function labelCodes(root = document) {
  for (const element of root.querySelectorAll("[data-term]")) {
    const code = element.value || element.textContent.trim();
    element.title = code;
    element.textContent = label(element.dataset.term, code);
  }
}

/** The signed-in person, as the page carries it: {id, name_en, name_zh, role}. */
export function me() {
  const element = document.getElementById("me");
  return element ? JSON.parse(element.textContent) : {};
}
