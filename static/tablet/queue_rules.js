// What waits to be sent, and how the screen looks meanwhile. Pure: no clock, no store, no network.

import { MISSION_PATH } from "../shared/status.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;

// As many entries in one request as the server takes.
const MOST_AT_ONCE = 200;

/** jitter: 0.5 to 1, so that a fleet does not come back in one instant. */
export const waitAfter = (attempt, jitter = 1) => Math.round(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * jitter);

/** Milliseconds until the first held lane may go again. held: lane → {until_ms}. */
export const nextTry_ms = (held, at_ms) => Math.max(0, Math.min(LONGEST_WAIT_MS, ...[...held.values()].map((one) => one.until_ms).filter((until) => until > at_ms).map((until) => until - at_ms)));

/** Not signed in any more: the words are kept until somebody signs in again. */
export const needsSignIn = (error) => error.status === 401 || error.code === "not_authenticated";

/** Trying again helps when the server or the way to it is ill, never when it said no. */
export const worthRetrying = (error) => error.status === 0 || error.status === 429 || error.status >= 500 || needsSignIn(error);

// A job that was sent stays a moment, until the board brings it back: the screen must not flicker to the old state.
export const waiting = (jobs) => jobs.filter((job) => !job.refused && !job.sent);
export const refused = (jobs) => jobs.filter((job) => job.refused && !job.aside);
export const setAside = (jobs) => jobs.filter((job) => job.refused && job.aside);
/** All that the server does not have. */
export const unseen = (jobs) => jobs.filter((job) => !job.sent);
/** The time of the oldest tap that still waits, or null. */
export const oldestWaiting = (jobs) => waiting(jobs).reduce((oldest, job) => (job.at && (!oldest || job.at < oldest) ? job.at : oldest), null);

/** What is in order among itself: a mission; what belongs to none, each address for itself. */
export const laneOf = (job) => job.missionId ?? job.path;

/**
 * What to send next: the first job of a lane that is not held; entries of one mission that follow each other go
 * together. `alone`: numbers of a list that was refused; one by one the server says which it was.
 */
export function nextBatch(jobs, { isHeld = () => false, alone = new Set(), most = MOST_AT_ONCE } = {}) {
  const first = waiting(jobs).find((job) => !isHeld(laneOf(job)));
  if (!first) return [];
  if (first.kind !== "entry" || alone.has(first.number)) return [first];
  const lane = waiting(jobs).filter((job) => laneOf(job) === laneOf(first));
  const end = lane.findIndex((job) => job.kind !== "entry" || job.path !== first.path || alone.has(job.number));
  return lane.slice(0, Math.min(end < 0 ? lane.length : end, most));
}

const of = (jobs, kind, missionId) => jobs.filter((job) => job.kind === kind && job.missionId === missionId && !job.refused);
const further = (a, b) => (MISSION_PATH.indexOf(a) >= MISSION_PATH.indexOf(b) ? a : b);

function withoutUndone(mission, jobs) {
  const ids = new Set(of(jobs, "undo", mission.id).map((job) => job.factId));
  const gone = (mission.facts ?? []).filter((fact) => ids.has(fact.id) && !fact.undone).map((fact) => fact.fact);
  if (!gone.length) return mission;
  const times = Object.fromEntries(Object.entries(mission.times).filter(([name]) => !gone.includes(name)));
  const state = MISSION_PATH.findLast((name) => times[name]) ?? "assigned";
  return { ...mission, times, state, waiting: true };
}

/** The mission as it will be once the waiting facts, and what was taken back, are stored. */
export function withWaiting(stored, jobs) {
  if (!stored) return stored;
  const mission = withoutUndone(stored, jobs);
  const facts = of(jobs, "fact", mission.id);
  if (!facts.length) return mission;
  const times = { ...mission.times };
  let { state } = mission;
  for (const { body } of facts) {
    times[body.fact] ??= body.occurred_at;
    state = MISSION_PATH.includes(body.fact) ? further(state, body.fact) : body.fact;
  }
  return { ...mission, state, times, waiting: true };
}

/** The patient as last written here, stored or not. */
export function patientWithWaiting(patient, jobs, missionId) {
  const last = of(jobs, "patient", missionId).at(-1);
  if (!last) return patient;
  const { unknown, ...said } = last.body;
  return { ...patient, ...said, ...(unknown ? { name: "", id_number: "" } : {}), waiting: true };
}

/** Entries of a mission, those that still wait included, newest first. */
export function entriesWithWaiting(entries, jobs, missionId) {
  const stored = new Set(entries.map((entry) => entry.id));
  const fresh = of(jobs, "entry", missionId)
    .filter((job) => !stored.has(job.body.id))
    .map((job) => ({ ...job.body, mission_id: missionId, waiting: true, author: null }));
  const replaced = new Set(fresh.flatMap((entry) => entry.replaces ?? []));
  return [...entries.map((entry) => (replaced.has(entry.id) ? { ...entry, replaced: true } : entry)), ...fresh].sort(
    (a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at),
  );
}

/** What keeps the unit back, with what was said here and has not come back from the server yet. */
export function holdsWithWaiting(holds, jobs) {
  const said = jobs.filter((job) => !job.refused);
  const ended = new Set(said.filter((job) => job.kind === "release").map((job) => job.holdId));
  const stored = new Set(holds.map((hold) => hold.id));
  const fresh = said.filter((job) => job.kind === "hold" && !stored.has(job.body.id)).map((job) => ({ ...job.body, until: null, waiting: true }));
  return [...holds.filter((hold) => !ended.has(hold.id)), ...fresh];
}

export const hasGiven = (handover, jobs) => Boolean(handover?.given_at) || of(jobs, "give", handover?.mission_id).length > 0;
