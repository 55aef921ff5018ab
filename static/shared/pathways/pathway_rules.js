// Pathways as three screens show them: which are active, what of the checklist is open, which clock is late. Pure.

const ACTIVE = ["open", "proposed"];
const byOpened = (a, b) => Date.parse(a.opened_at ?? a.proposed_at) - Date.parse(b.opened_at ?? b.proposed_at);

/** Of one mission: open ones first, then what waits for a person's word. */
export const activeOf = (pathways, missionId) =>
  Object.values(pathways ?? {}).filter((one) => one.mission_id === missionId && ACTIVE.includes(one.state)).toSorted((a, b) => ACTIVE.indexOf(a.state) - ACTIVE.indexOf(b.state) || byOpened(a, b));

/** The kinds that could still be opened, in the catalogue's order. */
export const kindsLeft = (catalogue, active) => Object.keys(catalogue ?? {}).filter((kind) => !active.some((one) => one.kind === kind));

/** {done, all} of the items that this screen is shown. */
export function progressOf(checklist, pathway, operational = false) {
  const items = (checklist?.items ?? []).filter((one) => !operational || one.operational);
  return { done: items.filter((one) => ["done", "not_applicable"].includes(pathway.ticks[one.code]?.answer)).length, all: items.length };
}

/** [{item, tick}], this side's own first and what is still open before what is done. */
export function itemsOf(checklist, pathway, side) {
  const mine = (item) => (item.side === side || item.side === "both" ? 0 : 1);
  const open = (item) => (pathway.ticks[item.code] ? 1 : 0);
  return (checklist?.items ?? [])
    .map((item, place) => ({ item, tick: pathway.ticks[item.code] ?? null, place }))
    .toSorted((a, b) => mine(a.item) - mine(b.item) || open(a.item) - open(b.item) || a.place - b.place);
}

/** The clocks that run, then those that stopped, each with what its file says of it. */
export const clocksOf = (checklist, pathway) =>
  pathway.clocks.map((one) => ({ ...one, ...(checklist?.clocks[one.code] ?? { en: one.code, zh: one.code, target_s: 0 }) })).toSorted((a, b) => Boolean(a.ended_at) - Boolean(b.ended_at));

/** Teams that are still called, of the hospital that the patient goes to now. */
export const teamsOf = (pathway) => pathway.teams.filter((one) => !one.stood_down_at);

/** Where the crew goes past the emergency department, over all pathways of a mission; null: nowhere. */
export const directOf = (active) => active.find((one) => one.direct_to) ?? null;
