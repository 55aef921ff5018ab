// The player by keyboard: what each key does. Pure: from a key to an act.

const STEP_MS = 5000;
const SMALL_MS = 1000;
const PICTURE_MS = 40;

/** {act, by} or null for a key that is not ours. */
export function actOf({ key, shiftKey = false, ctrlKey = false, metaKey = false, altKey = false }) {
  if (ctrlKey || metaKey || altKey) return null;
  switch (key) {
    case " ":
    case "k":
    case "K":
      return { act: "toggle" };
    case "ArrowRight":
      return { act: "move", by: shiftKey ? SMALL_MS : STEP_MS };
    case "ArrowLeft":
      return { act: "move", by: shiftKey ? -SMALL_MS : -STEP_MS };
    case "ArrowDown":
    case "n":
      return { act: "neighbour", by: 1 };
    case "ArrowUp":
    case "p":
      return { act: "neighbour", by: -1 };
    case "l":
    case "L":
      return { act: "pace", by: 1 };
    case "j":
    case "J":
      return { act: "pace", by: -1 };
    case ".":
      return { act: "move", by: PICTURE_MS, hold: true };
    case ",":
      return { act: "move", by: -PICTURE_MS, hold: true };
    case "Home":
      return { act: "to", end: false };
    case "End":
      return { act: "to", end: true };
    case "+":
    case "=":
      return { act: "zoom", by: 0.5 };
    case "-":
      return { act: "zoom", by: 2 };
    case "i":
    case "I":
      return { act: "mark", end: false };
    case "o":
    case "O":
      return { act: "mark", end: true };
    case "e":
    case "E":
      return { act: "clip" };
    case "?":
      return { act: "help" };
    default:
      return null;
  }
}
