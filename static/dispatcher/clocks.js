// The clocks of one incident, from ring to handover. Pure: what runs, what stopped, what the target is.

// Targets in seconds: ring → answer and answer → assigned as Chinese centres measure them, en route within
// 3 min of assignment, handover confirmed within 120 s. Offload is measured by what the hospital has set.
const TARGETS = { answer: 10, assign: 60, en_route: 180, confirm: 120 };

const earliest = (times) => times.filter(Boolean).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;

/**
 * [{code, from, until, target_s}]: `until` null while it runs, `from` null while it has not begun.
 * calls, missions and handovers of the one incident; doors by handover.
 */
export function clocksOf({ incident, calls, missions, handovers, doors = {} }) {
  const first = calls.slice().sort((a, b) => Date.parse(a.ring_at) - Date.parse(b.ring_at))[0];
  const reached = (state) => earliest(missions.map((mission) => mission.times?.[state]));
  const assigned = reached("assigned");
  const stages = [
    { code: "answer", from: first?.ring_at ?? null, until: first?.answered_at ?? null },
    { code: "assign", from: first?.answered_at ?? incident.opened_at, until: assigned },
    { code: "en_route", from: assigned, until: reached("en_route") ?? reached("on_scene") },
    { code: "on_scene", from: assigned, until: reached("on_scene") ?? reached("at_patient") },
    { code: "confirm", from: reached("on_board"), until: earliest(handovers.map((handover) => handover.times?.confirmed)) },
    { code: "offload", from: reached("at_destination"), until: reached("handed_over") },
  ];
  const offload_s = handovers.map((handover) => doors[handover.id]?.offload_target_s).find(Boolean);
  const targets = { ...TARGETS, offload: offload_s };
  const stopped = incident.state === "closed";
  return stages.map((stage) => ({ ...stage, target_s: targets[stage.code] ?? null, abandoned: stopped && stage.until === null }));
}

/** Past missions leave gaps in seconds between the states that were reached: [{state, at, after_s}]. */
export function stepsOf(mission, order) {
  const known = order.filter((state) => mission.times?.[state]).map((state) => ({ state, at: mission.times[state] }));
  const others = Object.keys(mission.times ?? {}).filter((state) => !order.includes(state) && mission.times[state]);
  const steps = known.concat(others.map((state) => ({ state, at: mission.times[state] })));
  steps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return steps.map((step, index) => ({
    ...step,
    after_s: index ? Math.round((Date.parse(step.at) - Date.parse(steps[index - 1].at)) / 1000) : null,
  }));
}
