// Forms as data files: stroke scales, field triage, APGAR…: one tap an answer, the result and its reasons at once.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf, wordOf } from "../../shared/terms.js";
import { instantOf } from "../../shared/centre_time.js";
import { centreZone, nowIso } from "../../shared/time.js";
import { uuid } from "../../shared/api.js";
import { answer, answersOf, evaluateForm, visible } from "../forms_rules.js";
import { elementText } from "../../shared/record/entry_words.js";
import { keysView } from "../keys_view.js";
import { patientOf, placesOf } from "../tablet_state.js";
import { isChecked, uncheckedText } from "../sources.js";
import { numberOf } from "./drug_rules.js";
import { answers, panel, ready } from "./frame.js";
import { statement } from "./element_panel.js";

const formsOf = (state) => Object.values(state.reference.forms?.forms ?? {});

/** The groups of a form that were begun in this record, the newest first. */
const begun = (form, places) => [...new Set(places.filter((place) => place.element.startsWith(`form.${form.id}.`)).map((place) => place.group))].reverse();

/** panel: {name: "forms", form, group, item, typed}. */
export function formsPanel(state, mission, act) {
  const form = state.reference.forms?.forms[state.panel.form];
  return form ? formView(form, state, mission, act) : listView(state, mission, act);
}

function listView(state, mission, act) {
  const places = placesOf(state, mission);
  const forms = formsOf(state);
  if (!forms.length) return panel("forms", gettext("Forms"), html`<p class="empty">${gettext("The forms have not come from the server yet.")}</p>`, act);
  const open = (form) => act.change({ form: form.id, group: begun(form, places)[0] ?? uuid() });
  return panel("forms", gettext("Forms"), html`<div class="grid">${forms.map((form) => {
    const [last] = begun(form, places);
    const found = last && evaluateForm(form, { ...derived(form, state, mission), ...answersOf(form, last, places) });
    return html`<button type="button" class="tile" data-form=${form.id} aria-pressed=${Boolean(last)} @click=${() => open(form)}>${wordOf(form)}${found ? html`<b>${resultText(form, found)}</b>` : ""}</button>`;
  })}</div>`, act);
}

/** What the record says already is not asked again; typed here it counts instead. */
function derived(form, state, mission) {
  const places = placesOf(state, mission);
  const patient = patientOf(state, mission);
  const newest = (origin) => places.findLast((place) => place.element === origin && numberOf(place.heads[0]) !== null);
  const value = (origin) => (origin === "age_years" ? patient?.age_years : newest(origin) && numberOf(newest(origin).heads[0]));
  return Object.fromEntries(form.items.filter((item) => item.origin).map((item) => [item.id, value(item.origin)]).filter(([, found]) => found !== undefined && found !== null).map(([id, found]) => [id, String(found)]));
}

function resultText(form, found) {
  const band = form.bands.find((one) => one.code === found.band);
  if (!found.complete && !found.band) return gettext("not complete");
  return [found.score, band && wordOf(band)].filter((part) => part !== null && part !== undefined && part !== "").join(" · ");
}

function formView(form, state, mission, act) {
  const { group } = state.panel;
  const places = placesOf(state, mission);
  const said = { ...derived(form, state, mission), ...answersOf(form, group, places) };
  const found = evaluateForm(form, said);
  const say = (item, value) => act.write(mission, [answer(form, item.id, value, group, places, nowIso())]);
  const sections = Map.groupBy(form.items.filter((item) => visible(item, said)), (item) => item.section);
  return panel("form", wordOf(form), html`
    ${[...sections].map(([section, items]) => html`<section data-section=${section}>${items.map((item) => itemView(item, said[item.id], found.missing.includes(item.id), state, say, act))}</section>`)}
    <p class="source">${form.source} · ${form.version}${isChecked(form) ? "" : ` · ${uncheckedText()}`}</p>`, act, {
    back: () => act.open("forms"),
    foot: footView(form, found, state, mission, act),
  });
}

function itemView(item, value, missing, state, say, act) {
  const text = html`${wordOf(item)}${missing ? html` <i class="missing">${gettext("open")}</i>` : ""}`;
  if (item.options.length) {
    const rows = item.options.map((option) => [option.code, option.points ? `${wordOf(option)} · ${option.points}` : wordOf(option)]);
    return answers(item.id, text, [...rows, ...(rows.some(([code]) => code === "unknown") ? [] : [["unknown", gettext("Unknown")]])], value, (code) => say(item, code));
  }
  return item.type === "time" ? timeItem(item, text, value, say) : numberItem(item, text, value, state, say, act);
}

function numberItem(item, text, value, state, say, act) {
  const open = state.panel.item === item.id;
  const typed = open ? state.panel.typed ?? "" : value ?? "";
  const done = () => {
    if (typed) say(item, typed);
    act.change({ item: null, typed: "" });
  };
  return html`<fieldset class="answers" data-answers=${item.id}><legend>${text}</legend>
    <button type="button" class="tile wide" data-code="type" aria-pressed=${Boolean(value)} @click=${() => act.change(open ? { item: null } : { item: item.id, typed: "" })}>${typed || "—"} ${label("unit", item.unit ?? "")}</button>
    ${open ? html`${keysView(typed, (next) => act.change({ typed: next }))}${ready(`set-${item.id}`, gettext("Save"), done, { disabled: !typed })}` : ""}</fieldset>`;
}

const timeItem = (item, text, value, say) => html`<fieldset class="answers" data-answers=${item.id}><legend>${text}</legend><div class="grid">
  <button type="button" class="tile" data-code="now" aria-pressed=${Boolean(value) && value !== "unknown"} @click=${() => say(item, nowIso())}>${value && value !== "unknown" ? html`<time data-at=${value}></time>` : gettext("Now")}</button>
  <label class="tile">${gettext("Another time")}<input class="input" type="datetime-local" @change=${(event) => event.target.value && say(item, instantOf(event.target.value, centreZone()))}></label>
  <button type="button" class="tile" data-code="unknown" aria-pressed=${value === "unknown"} @click=${() => say(item, "unknown")}>${gettext("Unknown")}</button></div></fieldset>`;

/** The result, what it is made of, and what it proposes for the record: taken over by a person's tap. */
function footView(form, found, state, mission, act) {
  const band = form.bands.find((one) => one.code === found.band);
  const reasons = found.reasons.map((id) => wordOf([...form.items, ...form.criteria].find((one) => one.id === id)));
  const places = placesOf(state, mission);
  const open = found.proposals.filter(([element, value]) => !places.some((place) => place.element === element && place.heads.some((head) => head.value === value)));
  const take = () => {
    const vitals = uuid();
    act.write(mission, open.map(([element, value]) => statement(state, mission, element, element.startsWith("vital.") ? vitals : null, value)));
    act.close();
  };
  return html`<div class="result" data-band=${found.band} role="status"><b>${resultText(form, found)}</b>
      ${band ? html`<span>${nameOf(band, "advice")}</span>` : ""}
      ${reasons.length ? html`<small>${reasons.join(" · ")}</small>` : ""}
      ${found.missing.length ? html`<small>${interpolate(ngettext("%(count)s answer is open", "%(count)s answers are open", found.missing.length), { count: found.missing.length }, true)}</small>` : ""}</div>
    ${open.length ? ready("take-form", interpolate(gettext("Into the record: %(what)s"), { what: open.map(([element]) => elementText(element, state.reference)).join(", ") }, true), take) : ""}`;
}
