// Pure rules of the vital-signs monitor: which values are old, where samples
// fall in time, where the trace must break. No DOM, no clock: `now` is passed in
// (milliseconds). Absent is not zero, old is not current, a gap is never joined.

export const SILENT_MS = 3_000; // no newer value came for so long
export const NUMERIC_STALE_MS = 10_000; // however it came, it was measured so long ago
export const NIBP_STALE_MS = 10 * 60_000;
export const TEMPERATURE_STALE_MS = 60_000;

const STALE_AFTER_MS = {
  nibp_systolic: NIBP_STALE_MS,
  nibp_diastolic: NIBP_STALE_MS,
  nibp_mean: NIBP_STALE_MS,
  temperature: TEMPERATURE_STALE_MS, // slow by nature: a probe averages for a minute
};

/**
 * The newest reading of each code; a late arrival never replaces a newer one. `heard` is
 * when it came; what comes from the history counts as heard when it was measured.
 */
export function newest(known, readings, heard = null) {
  const result = { ...known };
  for (const reading of readings) {
    const at = Date.parse(reading.measured_at);
    if (Number.isNaN(at)) continue;
    const before = result[reading.code];
    if (!before || at >= before.at) result[reading.code] = { ...reading, at, heard: heard ?? at };
  }
  return result;
}

/** What a tile shows: {state: absent|fresh|stale, age_ms, quality, value, unit, at}. */
export function judged(reading, now) {
  if (!reading || reading.value === null || reading.value === undefined) {
    return { state: "absent", value: null, age_ms: null, quality: "good", unit: "", at: null };
  }
  const age_ms = Math.max(0, now - reading.at);
  const slow = STALE_AFTER_MS[reading.code];
  const silent = slow === undefined && now - (reading.heard ?? reading.at) > SILENT_MS;
  return {
    state: silent || age_ms > (slow ?? NUMERIC_STALE_MS) ? "stale" : "fresh",
    value: reading.value,
    age_ms,
    quality: reading.quality ?? "good",
    unit: reading.unit ?? "",
    at: reading.at,
  };
}

/** Systolic, diastolic and mean belong together only when one cuff measured them. */
export function pressure(readings, now) {
  const systolic = judged(readings.nibp_systolic, now);
  const together = (code) => {
    const other = readings[code];
    return other && systolic.at !== null && Math.abs(other.at - systolic.at) < 2_000
      ? judged(other, now) : judged(undefined, now);
  };
  return { systolic, diastolic: together("nibp_diastolic"), mean: together("nibp_mean") };
}

/** Which rate to show: the heart's by ECG, or the pulse of the finger probe when only that is there. */
export function rateCode(readings, now) {
  const fresh = (code) => judged(readings[code], now).state === "fresh";
  return !fresh("heart_rate") && fresh("pulse_rate") ? "pulse_rate" : "heart_rate";
}

export function shown(value, code) {
  if (value === null || value === undefined) return "—";
  return code === "temperature" ? value.toFixed(1) : String(Math.round(value));
}

/** One wave message → a chunk in milliseconds and millivolts; null when unusable. */
export function chunkOf(wave) {
  const start = Date.parse(wave.started_at);
  if (Number.isNaN(start) || !(wave.rate_hz > 0) || !wave.samples?.length) return null;
  const period = 1000 / wave.rate_hz;
  const scale = wave.scale_uv / 1000;
  const millivolts = Float32Array.from(wave.samples, (sample) => sample * scale);
  return { start, period, end: start + period * millivolts.length, millivolts };
}

/** Chunks in order of time, without repeats, nothing that ended before `keepFrom`. */
export function inserted(chunks, chunk, keepFrom) {
  const slack = chunk.period * 1.5;
  const overlaps = chunks.some((c) => chunk.start < c.end - slack && c.start < chunk.end - slack);
  const all = overlaps ? chunks : [...chunks, chunk].sort((a, b) => a.start - b.start);
  return all.filter((c) => c.end >= keepFrom);
}

/** Whether a chunk that came late belongs to what the pen, now at `head`, has drawn and not yet drawn over. */
export const onScreen = (chunk, head, span) => chunk.start < head && chunk.end > head - span;

export function newestEnd(chunks) {
  return chunks.length ? chunks[chunks.length - 1].end : null;
}

export const BUFFER_MS = 1_250; // messages come up to a second apart
const BUFFER_MOST_MS = 3_000;
const BUFFER_STEP_MS = 250;
const CATCH_UP_MS = 3_000;

/**
 * The distance between the wall clock and the play head. It moves only when data
 * came too late for it (longer buffer) or far too early (after a burst), so that
 * the sweep runs evenly. Returns {offset, buffer, moved}.
 */
export function playout({ offset, buffer }, now, end) {
  const wanted = now - end;
  if (offset === null) return { offset: wanted + buffer, buffer, moved: true };
  const ahead = end - (now - offset);
  if (ahead < 0) {
    const longer = Math.min(buffer + BUFFER_STEP_MS, BUFFER_MOST_MS);
    return { offset: wanted + longer, buffer: longer, moved: true };
  }
  if (ahead > buffer + CATCH_UP_MS) return { offset: wanted + buffer, buffer, moved: true };
  return { offset, buffer, moved: false };
}

const JOINS = 3; // sample periods; further apart is a gap

/**
 * The trace between two moments: {runs: [[time, mV, time, mV, …]], gaps: [[from, to]]}.
 * A run starts with the sample before `from` when that sample joins on.
 */
export function trace(chunks, from, to) {
  const runs = [];
  const gaps = [];
  let last = null; // time and millivolts of the sample before the one looked at
  let run = null;
  for (const chunk of chunks) {
    if (chunk.start > to) break;
    const joins = chunk.period * JOINS;
    const first = Math.floor((from - chunk.start) / chunk.period);
    const count = chunk.millivolts.length;
    for (let i = Math.max(0, Math.min(first, count - 1)); i < count; i += 1) {
      const time = chunk.start + i * chunk.period;
      if (time > to) break;
      const joined = last !== null && time - last[0] <= joins;
      if (time >= from) {
        if (!joined && time - Math.max(from, last?.[0] ?? from) > joins) {
          gaps.push([Math.max(from, last?.[0] ?? from), time]);
        }
        if (run === null || !joined) runs.push((run = joined ? [...last] : []));
        run.push(time, chunk.millivolts[i]);
      }
      last = [time, chunk.millivolts[i]];
    }
  }
  const period = chunks.length ? chunks[chunks.length - 1].period : 4;
  const silentFrom = Math.max(from, last?.[0] ?? from);
  if (to - (last?.[0] ?? -Infinity) > period * JOINS && to > silentFrom) gaps.push([silentFrom, to]);
  return { runs, gaps };
}

const FLUENT_MS = 30; // 33 frames a second: half the work of 60
const SPARING_MS = 100;

/** How long to wait between two strokes of the pen, by how often the browser offers one: a weak desk draws seldomer. */
export function strokeEvery(offered_ms) {
  return offered_ms > 2 * FLUENT_MS ? SPARING_MS : FLUENT_MS;
}

/** Which lap of `span` milliseconds a moment is in; an edge belongs to the lap that it begins. */
export function lapOf(time, span) {
  return Math.floor(time / span + 1e-6); // the division alone may fall just short of the edge
}
