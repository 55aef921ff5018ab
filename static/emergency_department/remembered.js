// What this desk has sounded and said, kept over a reload: an alert chimes once, a sentence is spoken once.

const MOST = 300;

/** {has, add} over a list in the browser's storage; without storage it holds for as long as the page. */
export function remembered(name, storage = globalThis.localStorage) {
  let known;
  try {
    known = new Set(JSON.parse(storage?.getItem(name) ?? "[]"));
  } catch {
    known = new Set();
  }
  return {
    all: () => [...known],
    has: (id) => known.has(id),
    add: (ids) => {
      known = new Set([...known, ...ids].slice(-MOST));
      try {
        storage?.setItem(name, JSON.stringify([...known]));
      } catch {
        // A full disk: it is known until the page is loaded again.
      }
    },
  };
}
