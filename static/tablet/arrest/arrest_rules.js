// The arrest clock: what the record's events mean now. Pure: groups, the protocol of arrest.toml and a time in, figures out.

const SAME_PAUSE_MS = 60_000;
const SHOCKABLE = ["vf", "pvt", "aed_shockable"];

const said = (group, element) => group.values[element]?.[0]?.heads[0].value ?? "";
const at_ms = (group) => Math.min(...Object.values(group.values).flat().map((place) => Date.parse(place.heads[0].occurred_at)));

/** The events of the record in order: [{kind, at_ms, rhythm, energy_J, drug}]. `groups`: of entries.js, arrest events and drugs. */
export function eventsOf(arrestGroups, drugGroups) {
  const events = arrestGroups.map((group) => ({ kind: said(group, "arrest_event.kind"), at_ms: at_ms(group), rhythm: said(group, "arrest_event.rhythm"), energy_J: Number(said(group, "arrest_event.shock_energy")) || null }));
  const drugs = drugGroups.map((group) => ({ kind: "drug", at_ms: at_ms(group), drug: said(group, "medication.drug") }));
  return [...events, ...drugs].filter((event) => event.kind).sort((a, b) => a.at_ms - b.at_ms);
}

const last = (events, ...kinds) => events.findLast((event) => kinds.includes(event.kind));

/**
 * {state: 'none' | 'running' | 'rosc' | 'stopped', started_ms, elapsed_s, shocks, rhythm, shockable, cycle, adrenaline, amiodarone}.
 * cycle: {number, left_s (below 0: overdue), phase: 'compress' | 'warn' | 'check'}; drugs: {given, due, left_s}.
 */
export function clock(events, protocol, now_ms) {
  const started = events.find((event) => event.kind === "started");
  if (!started) return { state: "none", events: [] };
  const of = events.filter((event) => event.at_ms >= started.at_ms);
  const ended = last(of, "rosc", "stopped", "rearrest", "started");
  const state = { rosc: "rosc", stopped: "stopped" }[ended.kind] ?? "running";
  const until_ms = state === "running" ? now_ms : ended.at_ms;
  const rhythm = of.findLast((event) => event.rhythm)?.rhythm ?? "";
  const shocks = of.filter((event) => event.kind === "shock");
  const shockable = SHOCKABLE.includes(rhythm);
  const here = { of, shocks, shockable, rhythm, until_ms, protocol };
  return {
    state,
    events: of,
    started_ms: started.at_ms,
    elapsed_s: (until_ms - started.at_ms) / 1000,
    shocks: shocks.length,
    rhythm,
    shockable,
    cycle: cycleOf(here),
    adrenaline: adrenalineOf(here),
    amiodarone: amiodaroneOf(here),
  };
}

/** Two minutes of compressions from the last shock or look at the rhythm. */
function cycleOf({ of, until_ms, protocol }) {
  const begins = of.filter((event) => ["started", "rearrest", "rhythm_check", "shock"].includes(event.kind));
  // The first look at the rhythm, and the shock that follows a look in the same pause, begin no cycle of their own.
  const cycles = begins.filter((event, place) => place === 0 || event.at_ms - begins[place - 1].at_ms >= SAME_PAUSE_MS);
  const left_s = protocol.cycle.length_s - (until_ms - begins.at(-1).at_ms) / 1000;
  return { number: cycles.length, left_s, phase: left_s <= 0 ? "check" : left_s <= protocol.cycle.warn_s ? "warn" : "compress" };
}

function adrenalineOf({ of, shocks, shockable, rhythm, until_ms, protocol }) {
  const given = of.filter((event) => event.drug === "adrenaline");
  const { after_shocks, from_s, to_s } = protocol.adrenaline;
  if (given.length) {
    const since_s = (until_ms - given.at(-1).at_ms) / 1000;
    return { given: given.length, due: since_s >= from_s, late: since_s > to_s, left_s: from_s - since_s };
  }
  return { given: 0, due: shockable ? shocks.length >= after_shocks : rhythm !== "", late: false, left_s: null };
}

function amiodaroneOf({ of, shocks, protocol }) {
  const given = of.filter((event) => event.drug === "amiodarone").length;
  const next = protocol.amiodarone.after_shocks[given];
  return { given, due: next !== undefined && shocks.length >= next };
}

/** Joules of the next shock: the choices of an adult's defibrillator, or the child's by weight; [] without a weight. */
export function energies(protocol, { child, weight_kg }) {
  if (!child) return protocol.shock.adult_J;
  return weight_kg > 0 ? [Math.min(Math.round(protocol.shock.child_J_per_kg * weight_kg), protocol.shock.adult_J[0])] : [];
}
