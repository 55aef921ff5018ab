// Which key does what. One listener for the whole console; a key typed into a field is text.

const DIGIT = /^(?:Digit|Numpad)([1-9])$/;
const isText = (element) => element?.matches?.("input, textarea, select, [contenteditable]");

/** The row before or after the focused one, in the same list. */
function moveInRows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = step && event.target.closest?.("[data-rows]")?.querySelectorAll(".row:not(:disabled)");
  if (!rows) return false;
  const all = [...rows];
  const next = all[all.indexOf(event.target.closest(".row")) + step];
  next?.focus();
  return true;
}

function letter(event, state, act) {
  switch (event.code) {
    case "KeyN":
      return act.newCall();
    case "KeyW":
      return act.selectFirstWaiting();
    case "KeyM":
      return act.showOnMap();
    case "KeyJ":
      return act.set({ journalOpen: !state.journalOpen });
    case "KeyC":
      return act.pointAtRoad();
    case "KeyV":
      return act.toggleCoverage();
    case "KeyG":
      return act.acceptMove();
    case "KeyH":
      return act.askMove();
    case "KeyR":
      return state.panel === "incident" ? act.recommend() : undefined;
    case "KeyX":
      return act.set({ showExcluded: !state.showExcluded });
    default:
      return event.key === "/" ? act.findUnit() : null;
  }
}

function chord(event, state, act) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && state.panel === "intake") return act.save();
  if (event.altKey && event.code === "KeyA" && state.panel === "intake") return act.attachNearest();
  return null;
}

/** act: the console's commands; state(): the current state. Returns whether the key was taken. */
export function handleKey(event, state, act) {
  if (event.isComposing) return false;
  if (event.key === "Escape") return act.back() !== null;
  if (event.key === "F6") return act.nextPart(event.shiftKey ? -1 : 1) !== null;
  if (event.ctrlKey || event.metaKey || event.altKey) return chord(event, state, act) !== null;
  if (isText(event.target)) {
    // Enter leaves a field for the next one, as on the old desks.
    if (event.key === "Enter" && event.target.closest(".intake")) return act.step(1) !== null;
    return false;
  }
  if (event.key === "?") return act.toggleHelp() !== null;
  // The sheet is modal: its one button keeps the keyboard.
  if (state.help) return event.key === "Tab";
  if (moveInRows(event)) return true;
  const digit = DIGIT.exec(event.code)?.[1];
  if (digit && state.ask) return act.pickOption(Number(digit)) !== null;
  if (digit && state.panel === "incident") return act.assignRank(Number(digit)) !== null;
  return letter(event, state, act) !== null;
}
