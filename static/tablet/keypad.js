// The text of a number after one more key. Pure.

const LONGEST = 7;

export function pressed(text, key) {
  if (key === "⌫") return text.slice(0, -1);
  if (text.length >= LONGEST) return text;
  if (key === ".") return text.includes(".") ? text : `${text || "0"}.`;
  return text === "0" ? key : text + key;
}
