// Which rows of the journal a panel shows: by kind, and of the selected incident with its older ones. Pure.

import { journalRows, missionsOf } from "./choose.js";

/** The first word of a row's kind, by what a person looks for. */
export const JOURNAL_KINDS = {
  "": null,
  calls: ["call", "incident", "recommendation"],
  units: ["unit", "mission"],
  safety: ["crew"],
  care: ["hospital", "handover"],
  roads: ["road", "zone", "city"],
};

/** Newest first; older rows that were fetched for the incident stand below the board's own. */
export function journalFor(state) {
  const incidentId = state.follow ? state.selection.incident : null;
  const missionIds = incidentId ? missionsOf(state.board, incidentId).map((mission) => mission.id) : [];
  const older = incidentId ? (state.older[incidentId] ?? {}) : {};
  const own = journalRows(state.board, { incidentId, missionIds });
  const known = new Set(own.map((row) => row.id));
  const all = [...own, ...Object.values(older).filter((row) => !known.has(row.id))].sort((a, b) => Number(b.id) - Number(a.id));
  const kinds = JOURNAL_KINDS[state.journalKind];
  return kinds ? all.filter((row) => kinds.includes(row.kind.split(".")[0])) : all;
}
