// The command bar's words: what may be typed, what it completes to, and which button it presses. Pure.
// A command's options are {label, detail, run} or {label, detail, fill} (more is to be typed).

import { item, list } from "../shared/reduce.js";
import { label, nameOf, termsOf } from "../shared/terms.js";
import { isFree, openCalls, openIncidents } from "./choose.js";
import { currentIncident } from "./console_state.js";
import { nearestFirst } from "./posting_rules.js";
import { shortNumber } from "./words.js";

const MOST = 9;
const fold = (text) => text.trim().toLowerCase().replace(/\s+/g, " ");
const filled = (text, values) => interpolate(text, values, true);

/** Those whose text holds every typed word; what begins with it first. */
function matching(things, text, textOf) {
  const words = fold(text).split(" ").filter(Boolean);
  const found = things.filter((thing) => words.every((word) => fold(textOf(thing)).includes(word)));
  const begins = (thing) => (words.length && fold(textOf(thing)).startsWith(words[0]) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}

// --- what a command may be about --------------------------------------------------

const unitText = (unit) => `${unit.call_sign} ${unit.plate ?? ""} ${nameOf(unit.station)}`;
const incidentText = (one) => `${shortNumber(one.number)} ${one.number} ${label("complaint", one.complaint)} ${one.place_label}`;
const hospitalText = (one) => `${nameOf(one)} ${one.name_en} ${one.name_zh} ${one.code}`;
const incidentsOf = (state) => {
  const { waiting, served } = openIncidents(state.board);
  return [...waiting, ...served];
};
const missionsOpen = (state, may) => list(state.board, "missions").filter((one) => one.open && (!may || one.next?.includes(may)));

const unitOption = (unit, run) => ({ label: unit.call_sign, detail: [label("unit_status", unit.status), nameOf(unit.station)].filter(Boolean).join(" · "), run });
const incidentOption = (one, run) => ({ label: `${shortNumber(one.number)} ${label("complaint", one.complaint)}`, detail: one.place_label, run });
const missionOption = (one, run) => ({ label: one.call_sign, detail: label("mission_state", one.state), run });

const units = (state, text, run) => matching(list(state.board, "units"), text, unitText).map((unit) => unitOption(unit, run(unit)));
const hospitals = (state, text, run) => matching(list(state.board, "hospitals"), text, hospitalText).map((one) => ({ label: nameOf(one), detail: one.divert ? gettext("on divert") : "", run: run(one) }));
// A posting has no patient and no incident on the board: it is ended, and nothing else.
const isPosting = (mission) => mission.kind !== "emergency";
const missions = (state, text, run, { may, posting = false } = {}) => matching(missionsOpen(state, may).filter((one) => posting || !isPosting(one)), text, (one) => one.call_sign).map((one) => missionOption(one, run(one)));
const here = (state, run, detail = "") => {
  const incident = currentIncident(state);
  return incident ? [{ ...incidentOption(incident, run(incident)), detail: detail || incident.place_label }] : [];
};

function go(state, text) {
  return [
    ...matching(incidentsOf(state), text, incidentText).map((one) => incidentOption(one, (act) => act.select(one.id))),
    ...matching(openCalls(state.board), text, (call) => call.number_from ?? "").map((call) => ({ label: call.number_from || gettext("Number unknown"), detail: gettext("On the line"), run: (act) => act.openCall(call) })),
    ...matching(list(state.board, "units"), text, unitText).map((unit) => unitOption(unit, (act) => act.goToUnit(unit))),
    ...matching(list(state.board, "hospitals"), text, hospitalText).map((one) => ({ label: nameOf(one), detail: gettext("Hospital"), run: (act) => act.goToHospital(one) })),
  ];
}

/** "A07", or "A07 #0012" for another incident than the selected one. */
function assign(state, text) {
  const [, sign, , number] = /^(.*?)(\s+(?:to\s+|→\s*)?(#?\d+))?$/.exec(fold(text));
  const named = number ? incidentsOf(state).find((one) => Number(one.number.split("-").at(-1)) === Number(number.replace("#", ""))) : null;
  const incident = named ?? currentIncident(state);
  if (!incident || (number && !named)) return [];
  return matching(list(state.board, "units"), sign, unitText).map((unit) => ({ ...unitOption(unit, (act) => act.assignUnit(unit, incident.id)), detail: `→ ${shortNumber(incident.number)} ${label("complaint", incident.complaint)} · ${label("unit_status", unit.status)}` }));
}

function status(state, text) {
  const [sign, ...rest] = text.trimStart().split(/\s+/);
  const exact = missionsOpen(state).find((one) => fold(one.call_sign) === fold(sign));
  if (!exact || !/\s/.test(text.trimStart())) return missionsOpen(state).filter((one) => fold(one.call_sign).startsWith(fold(sign))).map((one) => ({ ...missionOption(one), fill: `${one.call_sign} ` }));
  const facts = (exact.next ?? []).filter((code) => code !== "cancelled" && code !== "diverted").map((code) => ({ code, text: label("mission_state", code) }));
  return matching(facts, rest.join(" "), (one) => `${one.text} ${one.code}`).map((one) => ({ label: `${exact.call_sign} → ${one.text}`, detail: gettext("now, told by the desk"), run: (act) => act.setStatus(exact, one.code) }));
}

/** "A07 north bridge": a free unit, then where it is to wait. */
function post(state, text) {
  const free = list(state.board, "units").filter(isFree);
  const [sign, ...rest] = text.trimStart().split(/\s+/);
  const exact = free.find((unit) => fold(unit.call_sign) === fold(sign));
  if (!exact || !/\s/.test(text.trimStart())) return matching(free, text, unitText).map((unit) => ({ ...unitOption(unit), fill: `${unit.call_sign} ` }));
  const points = nearestFirst(state.posts, exact.fix);
  return matching(points, rest.join(" "), (point) => `${nameOf(point)} ${point.name_en} ${point.name_zh} ${point.code}`).map((point) => ({ label: `${exact.call_sign} → ${nameOf(point)}`, detail: label("incident_kind", point.kind), run: (act) => act.askPostReason(exact, point) }));
}

function note(state, text) {
  return text.trim() ? here(state, () => (act) => act.addNote(text), text) : here(state, () => undefined, gettext("Type the note")).map((one) => ({ ...one, fill: "" }));
}

/** "hazard 300 Gas leak": a ring round the selected incident, the place found last or the middle of the map. */
function zone(state, text) {
  const [word = "", ...rest] = text.trim().split(/\s+/).filter(Boolean);
  const kinds = termsOf("zone_kind").filter(([code, name]) => fold(`${code} ${name}`).includes(fold(word)));
  const radius_m = Number(/^\d+$/.exec(rest[0] ?? "")?.[0] ?? 200);
  const name = rest.slice(rest[0] && /^\d+$/.test(rest[0]) ? 1 : 0).join(" ");
  return kinds.map(([code, kind]) => {
    const shown = { label: name || kind, detail: filled(gettext("%(kind)s, %(radius)s m round the place in view"), { kind, radius: radius_m }) };
    return rest.length ? { ...shown, run: (act) => act.ringZone({ kind: code, radius_m, name: name || kind }) } : { ...shown, fill: `${kind.split(" ")[0]} 200 ` };
  });
}

const LAYERS = () => ({ units: gettext("Units"), hospitals: gettext("Hospitals"), closures: gettext("Closed roads"), zones: gettext("Zones"), routes: gettext("Roads of the missions") });
const PARTS = () => ({ map: gettext("Map"), queue: gettext("Calls and incidents"), units: gettext("Units"), journal: gettext("Journal") });
const named = (entries, text, make) => matching(Object.entries(entries), text, ([code, name]) => `${name} ${code}`).map(make);
const places = (run) => (state, text, found) => found.map((place) => ({ label: nameOf(place, "label"), detail: place.detail, run: run(place) }));
const simple = (run) => (state, text) => (text.trim() ? [] : [{ run, alone: true }]);

// --- the table --------------------------------------------------------------------

/** code, words (the first is shown; English works in every language), what for, options(state, text, places), needs. */
export const COMMANDS = () => [
  { code: "go", words: [gettext("go"), "go", "g"], about: gettext("to a call, incident, unit or hospital"), options: go, none: gettext("Nothing here is called “%(text)s”.") },
  { code: "assign", words: [gettext("assign"), "assign", "send", "a"], about: gettext("a unit to the selected incident, or to a number: A07 #12"), options: assign, none: gettext("No unit “%(text)s” can be assigned: name a unit, and select an incident or give its number.") },
  { code: "status", words: [gettext("status"), "status", "s"], about: gettext("of a unit on a mission, as it tells by radio"), options: status, none: gettext("No unit on a mission, or no next status, is called “%(text)s”.") },
  { code: "note", words: [gettext("note"), "note"], about: gettext("to the selected incident; its crews read it"), options: note, none: gettext("Select an incident first.") },
  { code: "close road", words: [gettext("close road"), "close road", "road"], about: gettext("at a place, then say why"), options: places((place) => (act) => act.closeRoadAt(place)), place: true, none: gettext("No place “%(text)s” is known.") },
  { code: "reopen road", words: [gettext("reopen road"), "reopen road", "open road"], about: gettext("that was closed"), options: (state, text) => matching(list(state.board, "closures"), text, (one) => `${one.name_en} ${one.name_zh}`).map((one) => ({ label: nameOf(one), detail: label("closure_cause", one.cause), run: (act) => act.reopenRoad(one) })), none: gettext("No closed road is called “%(text)s”.") },
  { code: "divert hospital", words: [gettext("divert hospital"), "divert hospital", "divert"], about: gettext("it takes no patients for a while"), options: (state, text) => hospitals(state, text, (one) => (act) => act.askDivertHospital(one)), none: gettext("No hospital is called “%(text)s”.") },
  { code: "open hospital", words: [gettext("open hospital"), "open hospital"], about: gettext("it takes patients again"), options: (state, text) => hospitals({ ...state, board: { ...state.board, collections: { ...state.board.collections, hospitals: Object.fromEntries(list(state.board, "hospitals").filter((one) => one.divert).map((one) => [one.id, one])) } } }, text, (one) => (act) => act.openHospital(one)), none: gettext("No hospital on divert is called “%(text)s”.") },
  { code: "layer", words: [gettext("layer"), "layer", "show layer", "show", "hide"], about: gettext("of the map: show or hide"), options: (state, text) => named(LAYERS(), text, ([code, name]) => ({ label: name, detail: state.layers[code] === false ? gettext("show") : gettext("hide"), run: (act) => act.toggleLayer(code) })), none: gettext("The map has no layer “%(text)s”.") },
  { code: "find", words: [gettext("find"), "find", "place", "f"], about: gettext("a place, junction, coordinates or plus code on the map"), options: places((place) => (act) => act.showPlace(place)), place: true, none: gettext("No place “%(text)s” is known.") },
  { code: "zone", words: [gettext("zone"), "zone"], about: gettext("kind, radius in metres, name"), options: zone, none: gettext("There is no kind of zone “%(text)s”.") },
  { code: "remove zone", words: [gettext("remove zone"), "remove zone"], about: gettext("from the map"), options: (state, text) => matching(list(state.board, "zones"), text, (one) => one.name).map((one) => ({ label: one.name, detail: label("zone_kind", one.kind), run: (act) => act.removeZone(one) })), none: gettext("No zone is called “%(text)s”.") },
  { code: "draw zone", words: [gettext("draw zone"), "draw zone"], about: gettext("corner by corner on the map"), options: simple((act) => act.drawZone()) },
  { code: "new call", words: [gettext("new call"), "new call", "n"], about: gettext("the answer clock stops"), options: simple((act) => act.newCall()) },
  { code: "recommend", words: [gettext("recommend"), "recommend", "r"], about: gettext("units for the selected incident"), options: (state) => here(state, (one) => (act) => act.recommend(one.id)), none: gettext("Select an incident first.") },
  { code: "cancel mission", words: [gettext("cancel mission"), "cancel mission", "cancel"], about: gettext("of a unit, then say why"), options: (state, text) => missions(state, text, (one) => (act) => (isPosting(one) ? act.endPosting(one) : act.askCancel(one)), { may: "cancelled", posting: true }), none: gettext("No mission of “%(text)s” can be cancelled.") },
  { code: "use elsewhere", words: [gettext("use elsewhere"), "use elsewhere", "free"], about: gettext("take a unit off its mission"), options: (state, text) => missions(state, text, (one) => (act) => act.askDivert(one), { may: "diverted" }), none: gettext("“%(text)s” is on no mission that it could leave.") },
  { code: "keep back", words: [gettext("keep back"), "keep back", "hold"], about: gettext("a unit: reserved, rest, equipment"), options: (state, text) => units(state, text, (unit) => (act) => act.askHold(unit)), none: gettext("No unit is called “%(text)s”.") },
  { code: "post", words: [gettext("post"), "post", "p"], about: gettext("a free unit to a station or point: A07 north bridge"), options: post, none: gettext("No free unit, or no post, is called “%(text)s”.") },
  { code: "release", words: [gettext("release"), "release"], about: gettext("a unit that was kept back"), options: (state, text) => list(state.board, "units").filter((unit) => fold(unitText(unit)).includes(fold(text))).flatMap((unit) => (unit.holds ?? []).map((hold) => ({ label: unit.call_sign, detail: `${label("hold_kind", hold.kind)} · ${label("hold", hold.what)}`, run: (act) => act.release(hold) }))), none: gettext("No unit that is kept back is called “%(text)s”.") },
  { code: "take alarm", words: [gettext("take alarm"), "take alarm", "acknowledge"], about: gettext("of a crew in danger: I have it"), options: (state, text) => matching(list(state.board, "crew_alarms").filter((one) => !one.acknowledged_at), text, (one) => one.call_sign).map((one) => ({ label: one.call_sign, detail: label("crew_alarm", one.kind), run: (act) => act.takeAlarm(one) })), none: gettext("No crew alarm waits to be taken.") },
  { code: "end alarm", words: [gettext("end alarm"), "end alarm"], about: gettext("of a crew, then say how"), options: (state, text) => list(state.board, "crew_alarms").filter((one) => fold(one.call_sign).includes(fold(text))).map((one) => ({ label: one.call_sign, detail: label("crew_alarm", one.kind), run: (act) => act.askEndAlarm(one) })), none: gettext("There is no crew alarm.") },
  { code: "send instead", words: [gettext("send instead"), "send instead"], about: gettext("the proposed unit for a crew that does not answer"), options: (state, text) => matching(missionsOpen(state).filter((one) => one.instead), text, (one) => one.call_sign).map((one) => ({ label: one.instead.call_sign, detail: one.call_sign, run: (act) => act.sendInstead(one) })), none: gettext("Every crew has answered.") },
  { code: "which hospital", words: [gettext("which hospital"), "which hospital"], about: gettext("for the patient of a mission"), options: (state, text) => missions(state, text, (one) => (act) => act.goAndAskHospitals(one)), none: gettext("“%(text)s” is on no mission.") },
  { code: "close incident", words: [gettext("close incident"), "close incident"], about: gettext("that nobody serves any more"), options: (state) => here(state, () => (act) => act.askClose()), none: gettext("Select an incident first.") },
  { code: "replay", words: [gettext("replay"), "replay", "track"], about: gettext("where a unit was"), options: (state, text) => units(state, text, (unit) => (act) => act.openReplay(unit)), none: gettext("No unit is called “%(text)s”.") },
  { code: "window", words: [gettext("window"), "window"], about: gettext("a part in a window of its own, for the second screen"), options: (state, text) => named(PARTS(), text, ([code, name]) => ({ label: name, detail: "", run: (act) => act.popOut(code) })), none: gettext("There is no part “%(text)s”.") },
  { code: "journal", words: [gettext("journal"), "journal", "j"], about: gettext("show or hide"), options: simple((act) => act.toggleJournal()) },
  { code: "sound", words: [gettext("sound"), "sound", "mute"], about: gettext("on or off"), options: simple((act) => act.toggleSound()) },
  { code: "keys", words: [gettext("keys"), "keys", "help", "?"], about: gettext("everything on one sheet"), options: simple((act) => act.toggleHelp()) },
];

const startsWith = (word, text) => fold(word).startsWith(fold(text));

/** The command whose word the text begins with, the longest such word; and what follows it. */
export function parse(text, commands = COMMANDS()) {
  const typed = text.trimStart().replace(/^[:：]\s*/, "");
  let best = null;
  for (const command of commands) {
    for (const word of command.words) {
      const whole = fold(typed) === fold(word) || typed.toLowerCase().startsWith(`${word.toLowerCase()} `);
      if (whole && word.length > (best?.word.length ?? 0)) best = { command, word, rest: typed.slice(word.length).trimStart(), spaced: typed.length > word.length };
    }
  }
  return { typed, ...(best ?? { command: null, rest: "", spaced: false }) };
}

/** The place that the text asks for, null when it asks for none. */
export function placeWanted(text) {
  const { command, rest } = parse(text);
  return command?.place && rest.trim().length >= 2 ? rest.trim() : null;
}

const asOption = (command) => ({ label: command.words[0], detail: command.about, fill: "", word: `${command.words[0]} ` });

/** {options, error}: what Enter may choose, or why nothing can be. places: found for placeWanted(text). */
export function suggest(state, text, places = []) {
  const commands = COMMANDS();
  const { typed, command, rest, spaced, word } = parse(text, commands);
  if (!command) {
    const begun = commands.filter((one) => one.words.some((each) => startsWith(each, typed)));
    const found = typed.trim() ? go(state, typed).slice(0, 4) : [];
    const options = [...begun.map(asOption), ...found].slice(0, typed.trim() ? MOST : commands.length);
    return { options, error: options.length ? null : filled(gettext("“%(text)s” is no command. Type ? for all of them."), { text: typed.trim() }) };
  }
  const longer = spaced || command.words.every((each) => each.length === 1) ? [] : commands.filter((one) => one !== command && one.words.some((each) => each !== word && startsWith(each, typed) && fold(each) !== fold(typed)));
  const options = command.options(state, rest, places).map((one) => (one.alone ? { ...asOption(command), run: one.run, fill: undefined } : "fill" in one && one.fill !== undefined ? { ...one, word: `${word} ${one.fill}` } : one));
  const all = [...options, ...longer.map(asOption)].slice(0, MOST);
  if (all.length) return { options: all, error: null };
  if (command.place && rest.trim().length < 2) return { options: [], error: null };
  return { options: [], error: filled(command.none ?? gettext("“%(text)s” is too much: this command stands alone."), { text: rest.trim() }) };
}

/** Every command with what it is for, for the sheet of keys. */
export const commandList = () => COMMANDS().map(({ words, about }) => [words[0], about]);
export const unitOf = (state, id) => item(state.board, "units", id);
