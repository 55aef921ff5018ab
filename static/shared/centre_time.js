// The centre's wall clock in a datetime-local field: a desk elsewhere shows the centre's time, too. Pure.

/** An instant as such a field writes it: 'YYYY-MM-DDTHH:MM:SS' on the wall of the zone. */
export const fieldOf = (iso, zone) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" })
    .format(new Date(iso))
    .replace(" ", "T");

/** The instant (ISO) at which the wall of the zone shows the text, null when it is no time. */
export function instantOf(text, zone) {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  const off = (at) => Date.parse(`${fieldOf(at, zone)}Z`) - at;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  return new Date(wanted - off(wanted - off(wanted))).toISOString();
}
