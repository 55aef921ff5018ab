// The board's state as a pure function of messages: apply(state, message) → new state. No clock, no DOM.
// Contract: snapshot + rows since == a fresh snapshot.

export const emptyBoard = Object.freeze({ cursor: null, ready: false, collections: Object.freeze({}) });

/** Items of one collection as a list. */
export const list = (state, name) => Object.values(state.collections[name] ?? {});
export const item = (state, name, id) => (id ? state.collections[name]?.[id] : undefined);

function newerFix(before, after) {
  if (!before?.fix || !after) return after;
  if (!after.fix || Date.parse(after.fix.fix_at) < Date.parse(before.fix.fix_at)) return { ...after, fix: before.fix };
  return after;
}

function mergeRows(name, before = {}, changes) {
  const merged = { ...before };
  for (const [id, row] of Object.entries(changes)) {
    if (row === null) delete merged[id];
    else merged[id] = name === "units" ? newerFix(before[id], row) : row;
  }
  return merged;
}

function applyRows(state, { cursor, changes }) {
  const collections = { ...state.collections };
  for (const [name, rows] of Object.entries(changes)) collections[name] = mergeRows(name, collections[name], rows);
  return { ...state, cursor: cursor ?? state.cursor, collections };
}

function applyPositions(state, { fixes }) {
  const units = { ...state.collections.units };
  let changed = false;
  for (const [id, lat, lon, heading_deg, speed_mps, fix_at] of fixes) {
    const unit = units[id];
    // A position of a unit that this board does not hold is somebody else's: ignore it.
    if (!unit || (unit.fix && Date.parse(unit.fix.fix_at) > Date.parse(fix_at))) continue;
    units[id] = { ...unit, fix: { lat, lon, heading_deg, speed_mps, fix_at } };
    changed = true;
  }
  return changed ? { ...state, collections: { ...state.collections, units } } : state;
}

function applyEta(state, { mission_id, eta_s, computed_at, note, low_s = null, high_s = null }) {
  const estimate = { eta_s, eta_computed_at: computed_at, eta_note: note, eta_low_s: low_s, eta_high_s: high_s };
  const collections = { ...state.collections };
  if (collections.missions?.[mission_id]) {
    collections.missions = { ...collections.missions, [mission_id]: { ...collections.missions[mission_id], ...estimate } };
  }
  const handover = Object.values(collections.handovers ?? {}).find((row) => row.mission_id === mission_id && row.on_board_at !== null);
  if (handover) collections.handovers = { ...collections.handovers, [handover.id]: { ...handover, ...estimate } };
  return { ...state, collections };
}

/** The new board after one socket message; unknown messages change nothing. */
export function apply(state, message) {
  switch (message.t) {
    case "snapshot":
      return { ...state, cursor: message.cursor, ready: true, collections: message.state };
    case "rows":
      return applyRows(state, message);
    case "beat":
      // A beat comes after what changed up to its row: a new socket need not ask for it again.
      return state.ready && message.head > state.cursor ? { ...state, cursor: message.head } : state;
    case "positions":
      return applyPositions(state, message);
    case "eta":
      return applyEta(state, message);
    default:
      return state;
  }
}
