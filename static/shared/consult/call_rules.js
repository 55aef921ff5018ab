// A call as the pages see it: who offers, which way a voice takes, what is said about it. Pure.

// So long a direct way is looked for before the voice goes over the hub; it is looked for all the same.
export const HUB_AFTER_MS = 5000;

/** Two pages meet: the one with the smaller name offers, the other answers. */
export const offers = (mine, theirs) => mine < theirs;

/** What the browser says of a connection, and of its way: 'connecting' | 'direct' | 'relay' | 'lost'. */
export function wayOf(connection, local, remote) {
  if (connection === "connected") return [local, remote].includes("relay") ? "relay" : "direct";
  return connection === "failed" || connection === "disconnected" || connection === "closed" ? "lost" : "connecting";
}

/** peers: [{way, since_ms}] → is the hub needed now? */
export const needsHub = (peers, now_ms) => peers.some(({ way, since_ms }) => (way === "connecting" || way === "lost") && now_ms - since_ms >= HUB_AFTER_MS);

/** The way shown for a peer: over the hub when it is open and nothing better is there. */
export const shownWay = (peer, hubOpen) => (hubOpen && (peer.way === "connecting" || peer.way === "lost") ? "hub" : peer.way);

const INSIDE = ["ringing", "connected"];
export const inside = (consult) => consult.parties.filter((party) => INSIDE.includes(party.state));
/** Who is in the call stands first, then who is rung; earlier tries of somebody who is inside are left out. */
export function shownParties(consult) {
  const within = inside(consult);
  const whoOf = (party) => party.user?.id ?? party.hospital?.id ?? party.id;
  const isIn = new Set(within.map(whoOf));
  const outside = consult.parties.filter((party) => !INSIDE.includes(party.state) && party.state !== "withdrawn" && !isIn.has(whoOf(party)));
  return [...within.toSorted((a, b) => INSIDE.indexOf(b.state) - INSIDE.indexOf(a.state)), ...outside];
}
export const partyOf = (consult, userId) => consult.parties.find((party) => party.state === "connected" && party.user?.id === userId) ?? null;
export const ringsAt = (consult, { id, hospitalId = null }) =>
  consult.parties.some((party) => party.state === "ringing" && (party.user?.id === id || (!party.user && hospitalId && party.hospital?.id === hospitalId)));

/** The open consult of a mission, or else its newest. */
export function consultOf(consults, missionId) {
  const own = consults.filter((one) => one.mission_id === missionId);
  return own.find((one) => one.state !== "ended") ?? own.sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at)).at(-1) ?? null;
}

/** The open consult of a mission, for who only watches it; null when nobody is called. */
export const callOf = (consults, missionId) => consults.find((one) => one.mission_id === missionId && one.state !== "ended") ?? null;

/** Who was called and is inside or rung. */
export const calledOf = (consult) => inside(consult).filter((party) => party.side !== "crew");

/** Waiting longest first, the most urgent before them. */
export const queueOrder = (consults) => consults.toSorted((a, b) => a.priority - b.priority || Date.parse(askedAt(a)) - Date.parse(askedAt(b)));
export const askedAt = (consult) => consult.requests[0]?.asked_at ?? consult.opened_at;
