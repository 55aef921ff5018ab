// An answer that is asked for again and again while nothing changed.

/** `work`, but asked twice running with the very same arguments it gives the same answer, not a new one. */
export function remember(work) {
  let asked = null;
  let answer = null;
  return (...now) => {
    if (asked?.length !== now.length || now.some((one, at) => !Object.is(one, asked[at]))) {
      answer = work(...now);
      asked = now;
    }
    return answer;
  };
}
