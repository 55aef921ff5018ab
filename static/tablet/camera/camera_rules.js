// What the camera panel asks and warns of. Pure.

const SEES_PATIENT = new Set(["cabin", "body", "consult"]);

/** The road and a screen show nobody who could be asked. */
export const asksFor = (role) => SEES_PATIENT.has(role);

export const defaultConsent = (role) => (asksFor(role) ? "not_asked" : "not_needed");

/** A voice is kept only where the patient agreed to be filmed; a screen or the road has none. */
export const mayKeepSound = ({ recording, consent }) => recording === "own" && consent === "given";

/** The step that the crew must know of, null while the whole picture goes through. */
export const warningOf = ({ link, step }) => (link === "live" && step !== "hd" ? step : null);
