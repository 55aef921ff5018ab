// Ages, clocks and countdowns as people read them. The server's clock rules: setServerNow() keeps the offset.

let offset_ms = 0;

/** Call with every `now` that the server sends, so that a desk with a wrong clock still shows true ages. */
export function setServerNow(iso, receivedAt_ms = Date.now()) {
  const server_ms = Date.parse(iso);
  if (Number.isFinite(server_ms)) offset_ms = server_ms - receivedAt_ms;
}

export const now_ms = () => Date.now() + offset_ms;
export const nowIso = () => new Date(now_ms()).toISOString().replace("Z", "+00:00");

const toMs = (when) => (typeof when === "number" ? when : Date.parse(when ?? ""));

/** Seconds since `when` (ISO string or ms), never negative; null when there is no time. */
export function secondsSince(when, at_ms = now_ms()) {
  const ms = toMs(when);
  return Number.isFinite(ms) ? Math.max(0, Math.floor((at_ms - ms) / 1000)) : null;
}

/** '12 s', '3 min', '2 h 05', '4 d': short enough for a row. */
export function ageText(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 60) return interpolate(gettext("%(count)s s"), { count: Math.floor(seconds) }, true);
  if (seconds < 3600) return interpolate(gettext("%(count)s min"), { count: Math.floor(seconds / 60) }, true);
  if (seconds < 86400) {
    const minutes = String(Math.floor((seconds % 3600) / 60)).padStart(2, "0");
    return interpolate(gettext("%(hours)s h %(minutes)s"), { hours: Math.floor(seconds / 3600), minutes }, true);
  }
  return interpolate(gettext("%(count)s d"), { count: Math.floor(seconds / 86400) }, true);
}

/** Running clock '0:07', '12:34', '1:02:03'; negative values keep their sign ('−1:20' is overdue). */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const whole = Math.floor(Math.abs(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  const text = hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  return seconds <= -1 ? `−${text}` : text;
}

/** Seconds left of an estimate of `eta_s` made at `computed_at`; null when unknown. */
export function etaLeft(eta_s, computed_at, at_ms = now_ms()) {
  const made_ms = toMs(computed_at);
  if (eta_s === null || eta_s === undefined || !Number.isFinite(made_ms)) return null;
  return Math.round(eta_s - (at_ms - made_ms) / 1000);
}

const formatters = new Map();

function formatter(timeZone, withSeconds) {
  const key = `${timeZone} ${withSeconds}`;
  if (!formatters.has(key)) {
    const seconds = withSeconds ? { second: "2-digit" } : {};
    formatters.set(key, new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", hour: "2-digit", minute: "2-digit", ...seconds }));
  }
  return formatters.get(key);
}

export const centreZone = () => globalThis.document?.documentElement.dataset.timeZone || "UTC";

/** 'hh:mm:ss' on the centre's wall, whatever zone the desk is set to. */
export function clock(when, { seconds = true, timeZone = centreZone() } = {}) {
  const ms = toMs(when);
  return Number.isFinite(ms) ? formatter(timeZone, seconds).format(ms) : "–";
}

const days = new Map();

/** 'hh:mm' today, with its day otherwise: until when something holds. */
export function dayAndClock(when, { at_ms = now_ms(), timeZone = centreZone(), language = globalThis.document?.documentElement.lang || "en" } = {}) {
  const ms = toMs(when);
  if (!Number.isFinite(ms)) return "–";
  const key = `${timeZone} ${language}`;
  if (!days.has(key)) days.set(key, new Intl.DateTimeFormat(language, { timeZone, month: "short", day: "numeric" }));
  const day = days.get(key);
  const time = clock(ms, { seconds: false, timeZone });
  return day.format(ms) === day.format(at_ms) ? time : `${day.format(ms)} ${time}`;
}

/** 'on time' | 'warn' | 'late' for an age against two limits in seconds. */
export function level(seconds, warn_s, late_s) {
  if (seconds === null || seconds === undefined) return "none";
  if (Number.isFinite(late_s) && seconds >= late_s) return "late";
  if (Number.isFinite(warn_s) && seconds >= warn_s) return "warn";
  return "ok";
}
