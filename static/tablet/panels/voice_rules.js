// What a voice note is. Pure.

export const LONGEST_S = 300; // at 24 kbit/s under a megabyte: it has to go over a thin line
export const HELD_MS = 600;
const SHORTEST_S = 0.7;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4;codecs=opus", "audio/ogg;codecs=opus"];

/** The first kind that this browser records; "" leaves it to the browser. */
export const suited = (supports) => KINDS.find(supports) ?? "";

/** A slip of the finger is no note. */
export const spoken = (seconds) => seconds >= SHORTEST_S;
