// How much picture the link carries: stepped down on purpose, by how late the hub answers. Pure.
// Twin of ambulance_agent/drivers/camera/rate.py, which says why; tested by the same cases.

export const LOOK_MS = 100;
const LOOKS = 10;
const [LATE_MS, CALM_MS] = [60, 25];
const [CUT_EVERY_MS, GROW_EVERY_MS, CALM_FOR_MS] = [1000, 500, 1500];
const [STOP_MS, GO_ON_MS] = [600, 150];
const FLOOR_KBPS = 150;
const [SD_BELOW_KBPS, HD_ABOVE_KBPS] = [450, 700];
const [BAD_FOR_MS, GOOD_FOR_MS] = [4000, 5000];
const [STILL_LATE_MS, VOICE_LATE_MS] = [250, 3000];
export const STEPS = ["hd", "sd", "still", "voice"];

export const beginRate = (most_kbps) => ({
  kbps: Math.min(most_kbps, Math.max(FLOOR_KBPS, 0.6 * most_kbps)), most_kbps, step: "hd", stopped: false, key: false,
  looks: [], cut_at: -1e9, grown_at: -1e9, calm_since: null, bad_since: null, good_since: null,
});

export const reconnected = (rate) => ({ ...rate, looks: [], stopped: false, key: true, calm_since: null, bad_since: null, good_since: null });

/** One look, every 100 ms. */
export function adapt(before, lag_ms, now_ms) {
  const looks = [...before.looks, lag_ms].slice(-LOOKS);
  const late = median(looks);
  return step(bits(stopOrGo({ ...before, looks, key: false }, lag_ms), late, now_ms), late, now_ms);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function stopOrGo(rate, lag_ms) {
  if (!rate.stopped && lag_ms > STOP_MS) return { ...rate, stopped: true };
  if (rate.stopped && lag_ms < GO_ON_MS) return { ...rate, stopped: false, key: true };
  return rate;
}

function bits(rate, late, now_ms) {
  if (late > LATE_MS && now_ms - rate.cut_at > CUT_EVERY_MS)
    return { ...rate, kbps: Math.max(FLOOR_KBPS, rate.kbps * 0.7), cut_at: now_ms, calm_since: null };
  if (late >= CALM_MS) return { ...rate, calm_since: null };
  const calm_since = rate.calm_since ?? now_ms;
  if (now_ms - calm_since >= CALM_FOR_MS && now_ms - rate.grown_at >= GROW_EVERY_MS)
    return { ...rate, calm_since, kbps: Math.min(rate.most_kbps, rate.kbps * 1.08 + 10), grown_at: now_ms };
  return { ...rate, calm_since };
}

function step(before, late, now_ms) {
  const [bad, good] = judged(before, late);
  const rate = { ...before, bad_since: bad ? (before.bad_since ?? now_ms) : null, good_since: good ? (before.good_since ?? now_ms) : null };
  const place = STEPS.indexOf(rate.step);
  if (rate.bad_since !== null && now_ms - rate.bad_since >= BAD_FOR_MS && place < 3) return stepped(rate, STEPS[place + 1]);
  if (rate.good_since !== null && now_ms - rate.good_since >= GOOD_FOR_MS && place > 0) return stepped(rate, STEPS[place - 1]);
  return rate;
}

function judged(rate, late) {
  switch (rate.step) {
    case "hd":
      return [rate.kbps < SD_BELOW_KBPS && late > CALM_MS, false];
    case "sd":
      return [
        rate.kbps <= FLOOR_KBPS && late > STILL_LATE_MS,
        rate.kbps >= Math.min(HD_ABOVE_KBPS, rate.most_kbps) && late < CALM_MS,
      ];
    case "still":
      return [late > VOICE_LATE_MS, late < LATE_MS];
    default:
      return [false, late < GO_ON_MS];
  }
}

const stepped = (rate, next) => ({
  ...rate, step: next, key: true, looks: [], stopped: false, bad_since: null, good_since: null,
  kbps: next === "sd" && rate.step === "still" ? FLOOR_KBPS : rate.kbps,
});

/** Which pictures the hub has not acknowledged, and how late that makes us. */
export function unanswered() {
  let sent = new Map();
  let quickest = Infinity;
  return {
    sent: (seq, now_ms) => sent.set(seq, now_ms),
    acknowledged(seq, now_ms) {
      if (sent.has(seq)) quickest = Math.min(quickest, now_ms - sent.get(seq));
      for (const other of [...sent.keys()]) if (other <= seq) sent.delete(other);
    },
    clear() {
      sent = new Map();
      quickest = Infinity;
    },
    lag_ms(now_ms) {
      if (!sent.size) return 0;
      return Math.max(0, now_ms - Math.min(...sent.values()) - (quickest === Infinity ? 0 : quickest));
    },
  };
}
