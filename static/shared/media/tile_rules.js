// What a camera's tile says. Pure but for the words.

export const LATE_MS = 1000;

/** '0.2 s', '14 s', '3 min'. */
export function ageWords(age_ms) {
  if (age_ms < 10_000) return `${(age_ms / 1000).toFixed(1)} s`;
  if (age_ms < 120_000) return `${Math.round(age_ms / 1000)} s`;
  return `${Math.round(age_ms / 60_000)} min`;
}

export function stepWords({ step, live }) {
  if (!live || step === "hd") return "";
  return { sd: gettext("smaller picture: weak link"), still: gettext("a still every 2 s: weak link"), voice: gettext("voice only: no picture") }[step] ?? step;
}

/** Why what is seen is not now; empty while it is. */
export function faultOf({ about, link, age_ms, late }) {
  if (about.ended) return gettext("Camera switched off");
  if (link === "refused" || link === "signed_out") return gettext("You may not watch this camera");
  if (link !== "live") return gettext("No connection to the centre");
  if (!about.live) return gettext("No link to the vehicle");
  if (about.step === "voice") return gettext("Voice only");
  if (age_ms === null) return gettext("Waiting for the picture…");
  return late ? gettext("This picture is old") : "";
}

/** How many columns of tiles fill a place best. */
export function columnsFor(count, width, height) {
  let best = 1;
  let area = 0;
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const tile = Math.min(width / columns, (height / rows) * (16 / 9));
    if (tile > area + 1) [best, area] = [columns, tile];
  }
  return best;
}
