// The time line as rows, newest first: statuses, groups (one drug, one procedure, one set of vital signs), single statements. Pure.

const prefix = (element) => element.split(".")[0];

/** The earliest moment of what the row says: a drug is where it was given, whatever was added to it later. */
const momentOf = (places) => places.map((place) => place.heads[0].occurred_at).reduce((first, at) => (Date.parse(at) < Date.parse(first) ? at : first));

function rowOf(key, places) {
  const heads = places.flatMap((place) => place.heads);
  return {
    key,
    kind: prefix(places[0].element),
    places,
    occurred_at: momentOf(places),
    conflict: places.some((place) => place.conflict),
    doubtful: heads.some((head) => head.problems?.length),
    waiting: heads.some((head) => head.waiting),
    author: heads.find((head) => head.author)?.author ?? null,
    source: heads[0].source ?? "crew",
  };
}

/** places: of entries.js. A group is one row; what stands alone is one, too. */
export function rowsOf(places) {
  const tied = new Map();
  for (const place of places) {
    const key = place.group ?? place.heads[0].id;
    if (!tied.has(key)) tied.set(key, []);
    tied.get(key).push(place);
  }
  return [...tied].map(([key, of]) => rowOf(key, of));
}

/** Everything of a mission in one line of time. */
export function timeLine(mission, places, ecgs = []) {
  const facts = Object.entries(mission.times).map(([fact, at]) => ({ key: fact, fact, occurred_at: at }));
  const rows = [...facts, ...rowsOf(places), ...ecgs.map((row) => ({ ...row, key: row.id }))];
  return rows.sort((a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at));
}

/** What was said of this row before: replaced statements, newest first. Nothing is ever gone. */
export function earlierOf(row, entries) {
  const elements = new Set(row.places.map((place) => `${place.element} ${place.group ?? ""}`));
  const heads = new Set(row.places.flatMap((place) => place.heads.map((head) => head.id)));
  return entries.filter((entry) => !heads.has(entry.id) && entry.replaced && elements.has(`${entry.element} ${entry.group ?? ""}`));
}
