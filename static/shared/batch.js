// Positions arrive in many small messages; a board that is drawn a few times a second takes them together.

/** Positions of several messages as one: the newest fix of each unit, in the order of arrival. Pure. */
export function together(messages) {
  const newest = new Map();
  for (const { fixes } of messages) for (const fix of fixes) if (!newest.has(fix[0]) || newest.get(fix[0])[5] <= fix[5]) newest.set(fix[0], fix);
  return { t: "positions", fixes: [...newest.values()] };
}

/** A receiver for openFeed: positions wait up to pace_ms, everything else goes on at once, after them. */
export function createBatch(dispatch, pace_ms = 200, later = setTimeout) {
  let waiting = [];
  let due = false;

  function flush() {
    due = false;
    if (!waiting.length) return;
    const messages = waiting;
    waiting = [];
    dispatch(together(messages));
  }

  return (message) => {
    if (message.t === "positions") {
      waiting.push(message);
      if (!due) later(flush, pace_ms);
      due = true;
      return;
    }
    flush();
    dispatch(message);
  };
}
