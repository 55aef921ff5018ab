// The arrest clock: what is due now, and one tap for each thing that is done. The monitor stays beside it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, termsOf, wordOf } from "../../shared/terms.js";
import { now_ms, nowIso } from "../../shared/time.js";
import { entry, group, groupsOf } from "../../shared/record/entries.js";
import { panel } from "../panels/frame.js";
import { statement } from "../panels/element_panel.js";
import { patientOf, placesOf } from "../tablet_state.js";
import { dose as doseOf } from "../dosing_rules.js";
import { clock, energies, eventsOf } from "./arrest_rules.js";
import { createMetronome } from "./metronome.js";
import { isChecked, uncheckedText } from "../sources.js";

// The formulary asks for an age; here somebody said "child" or "adult".
const CHILD_YEARS = 5;
const ADULT_YEARS = 18;
const RHYTHMS = ["vf", "pvt", "pea", "asystole"];
const metronome = createMetronome();

/** The clock of this mission's record, or null before the protocol is known. */
export function arrestOf(state, mission, at_ms) {
  const protocol = state.reference.forms?.arrest;
  if (!protocol) return null;
  const places = placesOf(state, mission);
  return clock(eventsOf(groupsOf(places, "arrest_event"), groupsOf(places, "medication")), protocol, at_ms);
}

/** Once a second while somebody looks at it; the beat stops with the resuscitation. */
export function followArrest(store, missionOf) {
  setInterval(() => {
    const { panel: open } = store.state;
    if (open?.name === "arrest") store.dispatch({ t: "set", values: { panel: { ...open, at_ms: now_ms() } } });
    const mission = missionOf(store.state);
    if (metronome.running && (!mission || arrestOf(store.state, mission, now_ms())?.state !== "running")) metronome.stop();
  }, 1000);
}

/** panel: {name: "arrest", at_ms, rate, asks}. asks: null | "stop" | "weight". */
export function arrestPanel(state, mission, act) {
  const protocol = state.reference.forms?.arrest;
  const title = gettext("Cardiac arrest");
  if (!protocol) return panel("arrest", title, html`<p class="empty">${gettext("The protocol has not come from the server yet.")}</p>`, act);
  const found = arrestOf(state, mission, state.panel.at_ms ?? now_ms());
  const who = whoOf(state, mission, protocol);
  const here = { state, mission, act, protocol, found, who };
  const body = state.panel.asks === "stop" ? stopView(here) : found.state === "none" ? beginView(here) : runningView(here);
  return panel("arrest", title, html`<div class="arrest" data-wide data-state=${found.state}>${body}<p class="source">${protocol.source}${isChecked(protocol) && isChecked(protocol.shock) ? "" : ` · ${uncheckedText()}`}</p></div>`, act);
}

function whoOf(state, mission, protocol) {
  const age = patientOf(state, mission)?.age_years ?? state.board.collections.incidents?.[mission.incident_id]?.patient_age_years ?? null;
  const weight = placesOf(state, mission).findLast((place) => place.element === "body.weight")?.heads[0].value;
  return { child: state.assumed[mission.id] ? state.assumed[mission.id] === "child" : (age !== null && age < protocol.child_below_years), weight_kg: weight ? Number(weight) : null };
}

const event = (kind, at, more = {}) => group({ "arrest_event.kind": kind, ...more }, at);

function begin({ act, mission, protocol }, rate = protocol.compressions.usual) {
  const at = nowIso();
  act.write(mission, [...event("started", at), entry("arrest.resuscitation", "compressions", at)]);
  metronome.start(rate);
}

const beginView = (here) => html`<button type="button" class="button primary arrest-start" data-act="start-arrest" @click=${() => begin(here)}>${gettext("Start resuscitation")}</button>
  ${childView(here)}`;

const childView = ({ act, mission, who }) => html`<div class="picks"><button type="button" class="button" data-act="adult" aria-pressed=${!who.child} @click=${() => act.assume(mission, "adult")}>${gettext("Adult")}</button>
  <button type="button" class="button" data-act="child" aria-pressed=${who.child} @click=${() => act.assume(mission, "child")}>${gettext("Child")}${who.child && who.weight_kg ? ` · ${who.weight_kg} kg` : ""}</button></div>`;

const minutes = (seconds) => {
  const whole = Math.max(0, Math.floor(Math.abs(seconds)));
  return `${seconds < 0 ? "+" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

function runningView(here) {
  const { found, act, mission, state } = here;
  if (found.state !== "running") return overView(here);
  return html`
    ${clocksView(here)}
    <div class="arrest-grid">
      ${RHYTHMS.map((code) => key(`rhythm-${code}`, label("arrest_rhythm", code), () => rhythm(here, code), { on: found.rhythm === code }))}
      ${shockKeys(here)}
      ${drugKey(here, "adrenaline", found.adrenaline)}
      ${drugKey(here, "amiodarone", found.amiodarone)}
      ${key("laryngeal_mask", label("treatment", "laryngeal_mask"), () => airway(here, "laryngeal_mask", "laryngeal_mask"))}
      ${key("intubation", label("treatment", "intubation"), () => airway(here, "intubation", "tracheal_tube"))}
      ${key("iv", label("treatment", "iv_access"), () => done(here, "access", "iv_access"))}
      ${key("io", label("treatment", "io_access"), () => done(here, "access", "io_access"))}
      ${key("rosc", label("arrest_event", "rosc"), () => rosc(here), { tone: "ok" })}
      ${key("stop", gettext("Stop resuscitation…"), () => act.change({ asks: "stop" }))}
    </div>
    ${beatView(here)}${childView(here)}
    ${state.panel.asks === "weight" ? weightView(here) : ""}${lineView(found, mission)}`;
}

const key = (name, text, tap, { on = false, tone = "", more = "" } = {}) => html`<button type="button" class="tile arrest-key ${tone}" data-key-of=${name} aria-pressed=${on} @click=${tap}>${text}${more ? html`<b>${more}</b>` : ""}</button>`;

function clocksView({ found }) {
  const { cycle, adrenaline } = found;
  const say = { compress: gettext("Compressions"), warn: gettext("Charge, get ready to check"), check: gettext("Check the rhythm") }[cycle.phase];
  const drug = adrenaline.given ? (adrenaline.due ? gettext("Adrenaline is due") : gettext("Adrenaline in")) : adrenaline.due ? gettext("Adrenaline is due") : gettext("No adrenaline yet");
  return html`<dl class="arrest-clocks">
    <div><dt>${gettext("Since the start")}</dt><dd>${minutes(found.elapsed_s)}</dd></div>
    <div data-phase=${cycle.phase}><dt>${interpolate(gettext("Cycle %(number)s: %(what)s"), { number: cycle.number, what: say }, true)}</dt><dd>${minutes(cycle.left_s)}</dd></div>
    <div data-phase=${adrenaline.late ? "check" : adrenaline.due ? "warn" : "compress"}><dt>${drug}</dt><dd>${adrenaline.left_s === null ? "–" : minutes(adrenaline.left_s)}</dd></div>
    <div><dt>${gettext("Shocks")}</dt><dd>${found.shocks}</dd></div></dl>`;
}

function rhythm({ act, mission, state }, code) {
  const at = nowIso();
  const first = placesOf(state, mission).some((place) => place.element === "arrest.first_rhythm") ? [] : [entry("arrest.first_rhythm", code, at)];
  act.write(mission, [...event("rhythm_check", at, { "arrest_event.rhythm": code }), ...first]);
}

function shockKeys(here) {
  const { found, protocol, who, act, mission } = here;
  const choices = energies(protocol, who);
  const shock = (energy_J) => act.write(mission, event("shock", nowIso(), { "arrest_event.shock_number": { value: String(found.shocks + 1), unit: "1" }, "arrest_event.shock_energy": { value: String(energy_J), unit: "J" }, "arrest_event.shock_type": "biphasic" }));
  if (!choices.length) return key("shock", gettext("Shock: needs a weight"), () => act.change({ asks: "weight" }), { tone: "warn" });
  return choices.map((energy_J) => key(`shock-${energy_J}`, interpolate(gettext("Shock %(energy)s J"), { energy: energy_J }, true), () => shock(energy_J), { tone: "bad" }));
}

/** Through the access that was made last. */
function routeOf(places) {
  const access = groupsOf(places, "procedure").flatMap(({ values }) => values["procedure.kind"] ?? []).map((place) => place.heads[0]).filter((head) => ["iv_access", "io_access"].includes(head.value));
  const last = access.sort((a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at)).at(-1);
  return last?.value === "io_access" ? "io" : "iv";
}

function drugKey(here, drug, { given, due }) {
  const { who, act, mission, state } = here;
  const row = state.reference.formulary?.drug[drug];
  if (!row) return "";
  const use = row.uses.find((one) => one.id === "arrest");
  const dose = doseOf(row, use, { age_years: who.child ? CHILD_YEARS : ADULT_YEARS, weight_kg: who.weight_kg, before: given });
  if (dose.refused) return key(drug, interpolate(gettext("%(drug)s: needs a weight"), { drug: label("drug", drug) }, true), () => act.change({ asks: "weight" }), { tone: "warn" });
  const give = () => act.write(mission, group({ "medication.drug": drug, "medication.dose": { value: String(dose.value), unit: dose.unit }, "medication.route": routeOf(placesOf(state, mission)), "medication.volume": dose.volume_mL ? { value: String(dose.volume_mL), unit: "mL" } : undefined, "medication.indication": `${drug}.${use.id}`, "medication.authorisation": "protocol" }, nowIso()));
  return key(drug, `${label("drug", drug)} ${dose.value} ${label("unit", dose.unit)}`, give, { tone: due ? "warn" : "", more: [dose.volume_mL && `${dose.volume_mL} ${label("unit", "mL")}`, given ? `×${given}` : due ? gettext("due") : ""].filter(Boolean).join(" · ") });
}

function done({ act, mission }, kind, procedure) {
  const at = nowIso();
  act.write(mission, [...event(kind, at), ...group({ "procedure.kind": procedure, "procedure.attempts": { value: "1", unit: "1" }, "procedure.success": "yes" }, at)]);
}

function airway(here, procedure, device) {
  const at = nowIso();
  here.act.write(here.mission, [...event("airway", at), ...group({ "procedure.kind": procedure, "procedure.attempts": { value: "1", unit: "1" }, "procedure.success": "yes" }, at), ...group({ "airway.device": device }, at)]);
}

function rosc({ act, mission }) {
  const at = nowIso();
  metronome.stop();
  act.write(mission, [...event("rosc", at), entry("arrest.rosc", "before_ed", at)]);
}

/** Why: a person's decision, in the words of the standard. */
function stopView({ act, mission, state }) {
  const stop = (reason) => {
    const at = nowIso();
    metronome.stop();
    act.write(mission, [...event("stopped", at, { "arrest_event.reason": reason }), statement(state, mission, "arrest.stopped_at", null, at), statement(state, mission, "arrest.stopped_because", null, reason)]);
    act.change({ asks: null });
  };
  return html`<h2>${gettext("Why is it stopped?")}</h2><div class="grid">${termsOf("arrest_stopped").filter(([code]) => code !== "rosc").map(([code, text]) => html`<button type="button" class="tile big" data-code=${code} @click=${() => stop(code)}>${text}</button>`)}</div>
    <button type="button" class="button" data-act="go-on" @click=${() => act.change({ asks: null })}>${gettext("Go on")}</button>`;
}

function overView(here) {
  const { found, act, mission } = here;
  const again = () => {
    act.write(mission, event("rearrest", nowIso()));
    metronome.start(here.protocol.compressions.usual);
  };
  return html`<p class="arrest-over"><b>${label("arrest_event", found.state === "rosc" ? "rosc" : "stopped")}</b> ${minutes(found.elapsed_s)}</p>
    <button type="button" class="button primary arrest-start" data-act="rearrest" @click=${again}>${label("arrest_event", "rearrest")}</button>${lineView(found, mission)}`;
}

function beatView({ state, act, protocol }) {
  const { slowest, usual, fastest } = protocol.compressions;
  const rate = state.panel.rate ?? usual;
  const set = (next) => {
    act.change({ rate: next });
    if (metronome.running) metronome.start(next);
  };
  const toggle = () => {
    if (metronome.running) metronome.stop();
    else metronome.start(rate);
    act.change({ rate });
  };
  return html`<div class="arrest-beat"><i class="beat" style="animation-duration:${60 / rate}s" ?hidden=${!metronome.running}></i>
    <button type="button" class="button" data-act="beat" aria-pressed=${metronome.running} @click=${toggle}>${metronome.running ? gettext("Metronome off") : gettext("Metronome on")}</button>
    <button type="button" class="button" aria-label=${gettext("Slower")} ?disabled=${rate <= slowest} @click=${() => set(rate - 5)}>−</button><b>${rate}/min</b>
    <button type="button" class="button" aria-label=${gettext("Faster")} ?disabled=${rate >= fastest} @click=${() => set(rate + 5)}>+</button></div>`;
}

const weightView = ({ act, state }) => html`<p class="notice warn">${gettext("A child’s dose needs a weight.")}
  <button type="button" class="button primary" data-act="weigh" @click=${() => act.set({ panel: { name: "element", element: "body.weight", group: null, then: { ...state.panel, asks: null } } })}>${gettext("Enter the weight")}</button></p>`;

const lineView = (found) => html`<ol class="arrest-line">${found.events.toReversed().slice(0, 12).map((one) => html`<li><time data-at=${new Date(one.at_ms).toISOString()}></time>
  ${one.drug ? label("drug", one.drug) : [label("arrest_event", one.kind), one.rhythm && label("arrest_rhythm", one.rhythm), one.energy_J && `${one.energy_J} J`].filter(Boolean).join(" · ")}</li>`)}</ol>`;
