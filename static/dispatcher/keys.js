// Which key does what. One listener for the whole console; a key typed into a field is text.

const DIGIT = /^(?:Digit|Numpad)([1-9])$/;
const PAN = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const isText = (element) => element?.matches?.("input:not([type=range]), textarea, select, [contenteditable]");
const isPressed = (element) => element?.matches?.("button, a[href], input, select");

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

/** Corners of a zone, set by keys at the middle of the map. */
function drawing(event, act) {
  if (event.key === " ") return act.cornerHere();
  if (event.key === "Backspace") return act.lessCorner();
  return event.key === "Enter" ? act.finishZone() : null;
}

function replaying(event, act) {
  if (event.key === " " && !isPressed(event.target)) return act.playReplay();
  return { ",": -1, ".": 1 }[event.key] ? act.toStatus({ ",": -1, ".": 1 }[event.key]) : null;
}

function mapKey(event, act) {
  const zoom = { "+": 1, "=": 1, "-": -1 }[event.key];
  if (zoom) return act.zoomBy(zoom);
  return PAN[event.key] && !event.target.matches?.("input[type=range]") ? act.panMap(...PAN[event.key]) : null;
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
      return act.toggleJournal();
    case "KeyC":
      return act.pointAtRoad();
    case "KeyZ":
      return act.drawZone();
    case "KeyE":
      return act.toggleFollow();
    case "KeyA":
      return act.firstAlert();
    case "KeyK":
      return act.takeFirstAlarm();
    case "KeyS":
      return act.toggleSound();
    case "KeyT":
      return act.replaySelected();
    case "KeyV":
      return act.toggleCoverage();
    case "KeyG":
      return act.acceptMove();
    case "KeyH":
      return act.askMove();
    case "KeyP":
      return act.postSelected();
    case "KeyR":
      return state.panel === "incident" ? act.recommend() : undefined;
    case "KeyX":
      return act.set({ showExcluded: !state.showExcluded });
    default:
      return event.key === "/" ? act.findUnit() : mapKey(event, act);
  }
}

function chord(event, state, act) {
  if (event.code === "KeyK" && (event.ctrlKey || event.metaKey)) return act.openBar();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && state.panel === "intake") return act.save();
  if (event.altKey && event.code === "KeyA" && state.panel === "intake") return act.attachNearest();
  return null;
}

/** The bar keeps the keyboard until it is closed; Enter with nothing to choose says why. */
function inBar(event, act) {
  if (event.key === "Enter") return act.refuseCommand() !== null;
  return event.key === "Tab";
}

/** act: the console's commands; state(): the current state. Returns whether the key was taken. */
export function handleKey(event, state, act) {
  if (event.isComposing) return false;
  if (event.key === "Escape") return act.back() !== null;
  if (state.bar) return inBar(event, act);
  if (event.key === "F6") return act.nextPart(event.shiftKey ? -1 : 1) !== null;
  if (event.ctrlKey || event.metaKey || event.altKey) return chord(event, state, act) !== null;
  if (isText(event.target)) {
    // Enter leaves a field for the next one, as on the old desks.
    if (event.key === "Enter" && event.target.closest(".intake")) return act.step(1) !== null;
    return false;
  }
  if (event.key === "?") return act.toggleHelp() !== null;
  if (event.key === ":" || event.key === "：") return act.openBar() !== null;
  // The sheet is modal: its one button keeps the keyboard.
  if (state.help) return event.key === "Tab";
  if (state.drawing && drawing(event, act) !== null) return true;
  if (state.replay && replaying(event, act) !== null) return true;
  if (moveInRows(event)) return true;
  const digit = DIGIT.exec(event.code)?.[1];
  if (digit && state.ask) return act.pickOption(Number(digit)) !== null;
  if (digit && state.panel === "incident") return act.assignRank(Number(digit)) !== null;
  return letter(event, state, act) !== null;
}
