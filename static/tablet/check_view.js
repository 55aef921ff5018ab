// What is still open before the record is closed: conflicts, what is missing, what cannot be right; a tap goes there.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { wordOf } from "../shared/terms.js";
import { nowIso } from "../shared/time.js";
import { uuid } from "../shared/api.js";
import { conflicts, entry } from "../shared/record/entries.js";
import { elementText, valueText } from "../shared/record/entry_words.js";
import { elementOf } from "./reference.js";
import { placesOf } from "./tablet_state.js";

const PATIENT = ["identity.name", "identity.sex", "identity.age_years", "identity.birth_date"];

export function checkView(state, mission, act) {
  const found = state.checked?.missionId === mission.id ? state.checked : null;
  const open = conflicts(placesOf(state, mission));
  const offline = state.unchecked === mission.id ? html`<p class="notice warn" data-official="offline">${gettext("Not checked now: that needs a network.")}</p>` : "";
  return html`<p class="line-head"><span>${found ? html`${gettext("As checked by the server at")} <time data-at=${found.at}></time>` : gettext("Not checked by the server yet.")}</span>
      <button type="button" class="button" data-act="check" @click=${() => act.check(mission)}>${gettext("Check")}</button></p>${offline}
    ${open.length ? html`<h2>${gettext("Two versions")}</h2>${open.map((place) => conflictRow(place, state, act))}` : ""}
    ${found ? html`${listView(gettext("Cannot be right"), "illegal", found.illegal, act)}${listView(gettext("Missing"), "missing", found.missing, act)}${likelyView(found, state, mission, act)}
      ${officialView(found.official, act)}
      ${found.missing.length + found.illegal.length + open.length ? "" : html`<p class="notice ok">${gettext("Nothing is missing.")}</p>`}` : ""}
    <h2>${gettext("The whole record")}</h2>${groupsView(state, act)}`;
}

const UNCHECKED = {
  no_official_files: () => gettext("The official NEMSIS files are not on the server: nothing was checked by them."),
  no_agency: () => gettext("No agency that reports to NEMSIS is registered: nothing was checked by its rules."),
};

/** What the standard's own schema and rules say of the record as it would be sent now; it never forbids closing. */
function officialView(official, act) {
  if (!official) return html`<h2>${gettext("Official rules")}</h2><p class="notice warn" data-official="unanswered">${gettext("Not checked by the official rules: the server gave no answer.")}</p>`;
  const { state, findings } = official;
  if (UNCHECKED[state]) return html`<h2>${gettext("Official rules")}</h2><p class="notice" data-official=${state}>${UNCHECKED[state]()}</p>`;
  return html`<h2>${gettext("Official rules")} <b>${findings.length}</b></h2>
    ${findings.length ? "" : html`<p class="notice ok" data-official="checked">${gettext("The official schema and rules find nothing.")}</p>`}
    <div class="open-rows" data-list="official">${findings.map((one) => html`<button type="button" class="open-row" data-level=${one.level} data-element=${one.element} ?disabled=${!one.element} @click=${() => jump(one, act)}>
      <span><span class="chip ${one.level === "error" ? "bad" : "warn"}">${one.level === "error" ? gettext("Error") : gettext("Warning")}</span> ${one.text}</span><small>${[one.rule, one.nemsis].filter(Boolean).join(" · ")}</small></button>`)}</div>`;
}

const conflictRow = (place, state, act) => html`<button type="button" class="open-row" data-conflict=${place.element} @click=${() => act.open("element", { element: place.element, group: place.group })}>
  <b>${elementText(place.element, state.reference)}</b> ${place.heads.map((head) => valueText(head, elementOf(state, place.element))).join(" ≠ ")}</button>`;

/** An identity is written where it is, everything else in its own panel. */
function jump({ element, group }, act) {
  if (PATIENT.includes(element)) return act.set({ tab: "patient", panel: null });
  return act.open("element", { element, group });
}

const listView = (title, name, rows, act) => (rows.length ? html`<h2>${title} <b>${rows.length}</b></h2>
  <div class="open-rows" data-list=${name}>${rows.map((row) => html`<button type="button" class="open-row" data-element=${row.element} data-level=${row.level} @click=${() => jump(row, act)}>
    <span>${wordOf(row)}</span>${row.official ? html`<small>${row.rule} · ${row.source}</small>` : ""}</button>`)}</div>` : "");

/** What dispatch only believes: a tap makes it the crew's word. */
function likelyView(found, state, mission, act) {
  const rows = found.proposals.filter((one) => !one.element.startsWith("vital.") && !one.element.startsWith("identity."));
  if (!rows.length) return "";
  const take = (one) => {
    act.write(mission, [entry(one.element, one.value, nowIso(), { group: one.group, unit: one.unit })]);
    act.set({ checked: { ...found, proposals: found.proposals.filter((other) => other !== one) } });
  };
  return html`<h2>${gettext("Proposed: tap what is right")}</h2><div class="open-rows">${rows.map((one) => html`<button type="button" class="open-row" data-proposal=${one.element} @click=${() => take(one)}>
    <span>${elementText(one.element, state.reference)}</span> <b>${valueText({ ...one, element: one.element }, elementOf(state, one.element))}</b></button>`)}</div>`;
}

/** Every element of the catalogue can be written, also where no screen of its own asks for it. */
function groupsView(state, act) {
  const { catalogue } = state.reference;
  if (!catalogue) return "";
  const written = Map.groupBy(Object.entries(catalogue.elements).filter(([, one]) => one.from.includes("person") && !one.group.startsWith("identity")), ([, one]) => one.group);
  return [...written].map(([group, elements]) => {
    const repeats = catalogue.groups[group].repeats;
    const open = (element) => act.open("element", { element, group: repeats ? uuid() : null });
    return html`<details class="all"><summary>${wordOf(catalogue.groups[group])}</summary><div class="grid">${elements.map(([code, one]) => html`<button type="button" class="tile" data-code=${code} @click=${() => open(code)}>${wordOf(one)}</button>`)}</div></details>`;
  });
}
