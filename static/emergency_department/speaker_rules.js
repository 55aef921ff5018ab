// What the wall says aloud, and once: an alert that nobody confirmed, an ambulance two minutes out. Pure.

const OVER = ["handed_over", "redirected", "cancelled"];

/** [{id, kind, notice, unit, level}] that have not been said at this desk, oldest first. */
export function toSay(handovers, said) {
  const rows = handovers.filter((row) => !OVER.includes(row.state));
  const alerts = rows
    .filter((row) => !row.times.confirmed)
    .flatMap((row) => row.notices.filter((one) => one.channel === "loudspeaker" && !one.spoken_at).map((one) => ({ id: one.id, kind: "unconfirmed", notice: one.id, unit: row.unit.call_sign, level: one.level })));
  const newest = new Map(alerts.map((one) => [one.unit, one])); // three levels that passed unheard are one sentence
  const near = rows.filter((row) => row.near_at && !row.times.arrived).map((row) => ({ id: `near-${row.id}`, kind: "near", notice: null, unit: row.unit.call_sign, level: 0 }));
  return [...newest.values(), ...near].filter((one) => !said(one.id));
}
