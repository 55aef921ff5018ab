// What a locked tablet may know: its unit, the crew's own alarms, that a patient's alarm sounds. Nobody's name. Pure.

const KEPT = ["units", "alarms", "crew_alarms", "crew_checks"];

/** Steps and times of a mission, without number, place and people. */
const bare = ({ id, kind, state, open, times }) => ({ id, kind, state, open, times, facts: [] });

export function withoutIdentity(board) {
  const kept = Object.fromEntries(KEPT.map((name) => [name, board.collections[name] ?? {}]));
  const missions = Object.values(board.collections.missions ?? {}).map((mission) => [mission.id, bare(mission)]);
  return { ...board, cursor: null, collections: { ...kept, missions: Object.fromEntries(missions) } };
}
