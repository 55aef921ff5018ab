// Which rows of a long list of equal heights are worth drawing. Pure.

const EXTRA = 14;
// Below this everything is drawn: a list of a few dozen rows needs no window.
const FEW = 60;

/** {first, last, above_px, below_px}: rows first … last - 1, and the room that the others take. */
export function rowsInView({ count, row_px, top_px, height_px }) {
  if (count <= FEW) return { first: 0, last: count, above_px: 0, below_px: 0 };
  const first = Math.max(0, Math.min(count - 1, Math.floor(top_px / row_px)) - EXTRA);
  const last = Math.min(count, Math.ceil((top_px + height_px) / row_px) + EXTRA);
  return { first, last, above_px: first * row_px, below_px: (count - last) * row_px };
}
