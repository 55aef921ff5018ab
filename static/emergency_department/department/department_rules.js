// What the department's page counts and in which order it shows it. Pure.

const OVER = ["handed_over", "redirected", "cancelled"];
const HERE = ["arrived", "offloading"];
export const COLOURS = ["red", "yellow", "green"];

/** Handovers that are open at this hospital; who is here first. */
export const openHere = (handovers, own) => handovers.filter((one) => one.hospital_id === own && !OVER.includes(one.state));
export const atDoor = (handovers) => handovers.filter((one) => HERE.includes(one.state) || one.times.arrived);
export const onTheWay = (handovers) => handovers.filter((one) => !HERE.includes(one.state) && !one.times.arrived);

/** How many patients by colour come or are at the door. */
export function countsByColour(handovers, doors) {
  const counts = { red: 0, yellow: 0, green: 0 };
  for (const one of handovers) counts[doors[one.id]?.colour ?? "green"] += 1;
  return counts;
}

/** [{colour, capacity, coming, left}] against what was declared. */
export const againstCapacity = (capacity, counts) => COLOURS.map((colour) => ({ colour, capacity: capacity?.[colour] ?? 0, coming: counts[colour], left: (capacity?.[colour] ?? 0) - counts[colour] }));

/** Patients of one incident together: [{incident, rows}], those with several first. */
export function byIncident(handovers) {
  const groups = new Map();
  for (const one of handovers) {
    const key = one.incident.id;
    if (!groups.has(key)) groups.set(key, { incident: one.incident, rows: [] });
    groups.get(key).rows.push(one);
  }
  return [...groups.values()].sort((a, b) => b.rows.length - a.rows.length || a.incident.number.localeCompare(b.incident.number));
}

/** Those who need a bay: open, and in none of the department's; who is here first, then the soonest. */
export function withoutBay(handovers, bays) {
  const held = new Set(bays.map((bay) => bay.handover_id).filter(Boolean));
  const waiting = handovers.filter((one) => !held.has(one.id) && one.times.confirmed);
  return waiting.toSorted((a, b) => Boolean(b.times.arrived) - Boolean(a.times.arrived) || (a.eta_s ?? Number.MAX_SAFE_INTEGER) - (b.eta_s ?? Number.MAX_SAFE_INTEGER));
}

/** Has what the hospital said become old? Seconds; null was never said. */
export const wordIsOld = (age_s, limit_s = 7200) => age_s === null || age_s > limit_s;
