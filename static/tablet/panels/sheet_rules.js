// The things on a transfer sheet: pure, so that a tap can be tested.

export const MOST = 999;

/** A tap on a thing: one more of it, or the first. */
export function added(things, what, valuable = false) {
  const name = what.trim().slice(0, 80);
  if (!name) return things;
  const there = things.findIndex((one) => one.what === name && one.valuable === valuable);
  if (there < 0) return [...things, { what: name, count: 1, keeper: "hospital", valuable }];
  return things.map((one, at) => (at === there ? { ...one, count: Math.min(MOST, one.count + 1) } : one));
}

/** One fewer; the last one takes the line away. */
export function fewer(things, at) {
  return things.flatMap((one, here) => (here !== at ? [one] : one.count > 1 ? [{ ...one, count: one.count - 1 }] : []));
}

export const changed = (things, at, values) => things.map((one, here) => (here === at ? { ...one, ...values } : one));

/** What the server takes: the sheet as it stands on the screen. */
export const sheetBody = ({ condition, condition_note = "", things = [], note = "" }) => ({ condition, condition_note, things, note });
