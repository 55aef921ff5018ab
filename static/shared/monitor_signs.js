// What stands beside the numbers: device states, limits, alarms, scores, the trend. Pure: no DOM, no clock.

export const initialSigns = Object.freeze({ devices: Object.freeze({}), limits: Object.freeze({}), poor: Object.freeze({}), scores: Object.freeze([]), ageKnown: true, trend: Object.freeze({}) });

const TREND_EVERY_MS = 10_000;
const MOST_POINTS = 400;

/** The signs after one message of the vital-signs socket. */
export function withSigns(signs, message) {
  switch (message.t) {
    case "history":
      return { ...signs, devices: newerDevices({}, message.devices ?? []), trend: message.trend ?? {} };
    case "devices":
      return { ...signs, devices: newerDevices(signs.devices, message.devices) };
    case "assessed":
      return { ...signs, limits: message.limits, poor: message.poor, scores: message.scores ?? [], ageKnown: message.age_known ?? true };
    case "numbers":
      return { ...signs, trend: withPoints(signs.trend, message.readings) };
    default:
      return signs;
  }
}

function newerDevices(known, told) {
  const devices = { ...known };
  for (const { sensor, state, since } of told) {
    if (!devices[sensor] || since >= devices[sensor].since) devices[sensor] = { state, since };
  }
  return devices;
}

/** One more point of each code, at most every ten seconds; what comes late fills its gap. An invalid value is no point. */
export function withPoints(trend, readings) {
  let result = trend;
  for (const { code, value, quality, measured_at } of readings) {
    const at = Date.parse(measured_at);
    if (quality === "invalid" || !Number.isFinite(at)) continue;
    const points = result[code] ?? [];
    const next = points.findLastIndex(([earlier]) => earlier <= at) + 1;
    const room = (neighbour) => !neighbour || Math.abs(at - neighbour[0]) >= TREND_EVERY_MS;
    if (!room(points[next - 1]) || !room(points[next])) continue;
    result = { ...result, [code]: points.toSpliced(next, 0, [at, value]).slice(-MOST_POINTS) };
  }
  return result;
}

const SENSOR = { heart_rate: "ecg", pulse_rate: "spo2", spo2: "spo2", temperature: "temperature", ecg: "ecg" };
const OFF = ["leads_off", "probe_off", "off", "fault"];

/** Why a value must not be shown: leads_off, probe_off, poor_signal …; null when nothing is wrong. */
export function signalOf(code, { devices, poor }) {
  const state = devices[SENSOR[code]]?.state;
  if (OFF.includes(state)) return state;
  return poor[code] ?? null;
}

const RANK = { high: 0, medium: 1, low: 2 };

/** Alarms as they are shown: by priority, those that nobody has acknowledged first, then the newest. */
export function inOrder(alarms) {
  const quiet = (alarm) => (alarm.state === "acknowledged" ? 1 : 0);
  return alarms.toSorted((a, b) => RANK[a.priority] - RANK[b.priority] || quiet(a) - quiet(b) || Date.parse(b.raised_at) - Date.parse(a.raised_at));
}

const TILE_OF = { nibp_systolic: "nibp", pulse_rate: "heart_rate" };

/** The most urgent alarm of a tile that has not ended, or null. */
export const alarmOf = (code, alarms) =>
  inOrder(alarms.filter((alarm) => !alarm.ended_at && (TILE_OF[alarm.vital] ?? alarm.vital) === (TILE_OF[code] ?? code)))[0] ?? null;

export const asksForName = (alarm) => alarm.state === "raised" || alarm.state === "escalated" || (alarm.state === "ended" && !alarm.acknowledged_at);

const FIRST = ["news2", "pews"];

/** Scores worth a chip: complete ones, and the early-warning score even when it lacks something. */
export function chips(scores) {
  const shown = scores.filter((one) => one.state === "complete" || FIRST.includes(one.score));
  const rest = scores.filter((one) => !shown.includes(one));
  return { shown: shown.toSorted((a, b) => FIRST.includes(b.score) - FIRST.includes(a.score)), rest };
}

const TONE = { high: "bad", severe: "bad", trauma_centre: "bad", positive: "bad", medium: "warn", low_medium: "warn", alert: "warn", moderate: "warn" };

export const toneOf = (grade) => TONE[grade] ?? "plain";

/** "50–130", "≥ 90", "≤ 39": the limits as they stand on a tile. */
export function limitText([low, high] = [null, null]) {
  if (low === null && high === null) return "";
  if (high === null) return `≥ ${low}`;
  return low === null ? `≤ ${high}` : `${low}–${high}`;
}

const BREAK_MS = 60_000;

/**
 * The trend as SVG path data in a box of width × height; a pause of more than a minute, or more than three
 * steps of a slow measurement, breaks the line. "" without two points.
 */
export function trendPath(points = [], { from, to, width, height }) {
  const inside = points.filter(([at]) => at >= from && at <= to);
  if (inside.length < 2) return "";
  const values = inside.map(([, value]) => value);
  const low = Math.min(...values);
  const spread = Math.max(Math.max(...values) - low, 4);
  const steps = inside.slice(1).map(([at], i) => at - inside[i][0]).sort((a, b) => a - b);
  const pause = Math.max(BREAK_MS, 3 * steps[Math.floor(steps.length / 2)]);
  const x = (at) => (((at - from) / (to - from)) * width).toFixed(1);
  const y = (value) => (height - 1 - ((value - low) / spread) * (height - 2)).toFixed(1);
  return inside.map(([at, value], i) => `${i === 0 || at - inside[i - 1][0] > pause ? "M" : "L"}${x(at)} ${y(value)}`).join("");
}
