// When the tablet locks, and how a key may be released. Pure.

export const IDLE_MS = 5 * 60_000;
export const MOST_TRIES = 8;
export const PIN_LENGTHS = [6, 12];

export const triesLeft = (keys) => MOST_TRIES - (keys?.tries ?? 0);

/** Why a PIN is no good: null | 'length' | 'simple'. */
export function pinFault(pin) {
  const [least, most] = PIN_LENGTHS;
  if (!/^\d+$/.test(pin) || pin.length < least || pin.length > most) return "length";
  const steps = new Set([...pin].slice(1).map((digit, at) => digit - pin[at]));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0]) ? "simple" : null;
}

/**
 * How the key is released: 'session' | 'person' (PIN or password) | 'pin' (no network) | 'nothing' (no network, no PIN).
 * keys: what the tablet keeps, or undefined; session: the server's name of this sign-in, null without a network.
 */
export function wayIn({ keys, session, idle_ms }) {
  if (session === null) return keys?.byPin ? "pin" : "nothing";
  if (!keys || keys.session !== session) return "session"; // the person has just signed in
  const shut = keys.locked || (keys.byPin && idle_ms > IDLE_MS);
  return shut ? "person" : "session";
}
