// When the record may use the link, what it sends next, and whose record ends when the tablet is full. Pure.

export const IN_FLIGHT_BYTES = 32 * 1024;
export const LATE_MS = 60; // above it the live picture suffers: measured, a backlog otherwise costs seconds
export const FULL_AT = 0.9; // of what the browser gives; the crew's statements need room, too

/** A later camera of this list is kept longer. */
const IMPORTANCE = ["road", "consult", "cabin", "body", "ultrasound"];

/** lag_ms: of the live picture of the latest camera, 0 where none is sent. */
export const mayUpload = ({ lag_ms, inFlight, next }) => lag_ms < LATE_MS && inFlight + next <= Math.max(IN_FLIGHT_BYTES, next);

/** Which of the pieces that are here the hub does not have: `have` is its answer, seqs ascending. */
export function missingOf(seqs, have) {
  const inHole = (seq) => have.holes.some(([first, last]) => first <= seq && seq <= last);
  return seqs.filter((seq) => seq >= have.next || inHole(seq));
}

/** The recording that ends first when there is no room: the least important camera, the oldest of two alike. */
export function leastImportant(active) {
  const rank = (one) => (IMPORTANCE.indexOf(one.role) + 1 || IMPORTANCE.length);
  return active.reduce((least, one) => (!least || rank(one) < rank(least) || (rank(one) === rank(least) && one.started_ms < least.started_ms) ? one : least), null);
}

export const isFull = ({ usage, quota }) => quota > 0 && usage / quota >= FULL_AT;

/** One camera's recordings in the order in which they are brought: what has ended first, then the oldest. */
export const inOrder = (recordings) => [...recordings].sort((a, b) => Number(!a.end) - Number(!b.end) || a.started_ms - b.started_ms);
