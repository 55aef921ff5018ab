// What this browser remembers from one page to the next, where it may; else it is forgotten with the page.

/** The value kept under a name; `otherwise` when there is none, or no storage. */
export const recall = (name, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise; // a private window without storage
  }
};

export const remember = (name, value) => {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // the same
  }
};
