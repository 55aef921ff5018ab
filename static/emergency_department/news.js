// What of a card is younger than its reader's last look. Pure.

const ms = (iso) => (iso ? Date.parse(iso) : 0);

/** Whether something written at `at` is new to this reader; before the first look nothing is, for all of it is. */
export const isNew = (handover, at) => Boolean(handover.looked_at) && ms(at) > ms(handover.looked_at);

/** {rows, warnings, ecgs, pathways, boarded, others, files, count}: what to mark, and how much of it there is. */
export function newsOf({ handover, given, allergies, ecgs, pathways, written = [], attachments = [] }) {
  const fresh = (at) => isNew(handover, at);
  const files = attachments.filter((row) => fresh(row.entered_at ?? row.occurred_at));
  const rows = given.filter((row) => fresh(row.entered_at ?? row.occurred_at));
  const warnings = allergies.filter((row) => fresh(row.entered_at ?? row.occurred_at));
  const others = written.filter((row) => fresh(row.entered_at));
  const shown = ecgs.filter((row) => fresh(row.recorded_at));
  const ways = pathways.filter((one) => fresh(one.opened_at ?? one.proposed_at) || Object.values(one.ticks).some((tick) => tick.by && fresh(tick.at)));
  const boarded = fresh(handover.on_board_at);
  return { rows, warnings, ecgs: shown, pathways: ways, boarded, others, files, count: rows.length + warnings.length + shown.length + ways.length + others.length + files.length + (boarded ? 1 : 0) };
}
