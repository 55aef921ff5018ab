import assert from "node:assert/strict";
import test from "node:test";
import {
  chunkOf, inserted, judged, lapOf, newest, onScreen, playout, pressure, rateCode, shown, strokeEvery, trace,
} from "./monitor_rules.js";

const T0 = Date.parse("2026-03-01T14:00:00+08:00");
const at = (ms) => new Date(T0 + ms).toISOString();
const reading = (code, value, ms = 0, quality = "good") =>
  ({ code, value, unit: "", measured_at: at(ms), quality });
const wave = (ms, count = 50) =>
  chunkOf({ lead: "ecg_ii", started_at: at(ms), rate_hz: 250, scale_uv: 5, samples: Array(count).fill(100) });

test("a missing value is a dash and not a zero", () => {
  const tile = judged(undefined, T0);

  assert.equal(tile.state, "absent");
  assert.equal(shown(tile.value, "spo2"), "—");
  assert.equal(shown(0, "heart_rate"), "0");
});

test("a continuous value is stale three seconds after the last one came, a cuff pressure after ten minutes", () => {
  const known = newest({}, [reading("heart_rate", 80), reading("nibp_systolic", 120)]);

  assert.equal(judged(known.heart_rate, T0 + 3_000).state, "fresh");
  assert.equal(judged(known.heart_rate, T0 + 3_001).state, "stale");
  assert.equal(judged(known.nibp_systolic, T0 + 600_000).state, "fresh");
  assert.equal(judged(known.nibp_systolic, T0 + 600_001).state, "stale");
});

test("a slow way or a late clock makes a value old by its age only, not by its silence", () => {
  const late = newest({}, [reading("spo2", 97)], T0 + 6_000);

  assert.equal(judged(late.spo2, T0 + 7_000).state, "fresh");
  assert.equal(judged(late.spo2, T0 + 9_001).state, "stale");
  assert.equal(judged(newest({}, [reading("spo2", 97)], T0 + 11_000).spo2, T0 + 11_000).state, "stale");
});

test("without an ECG the pulse of the finger probe takes the place of the heart rate", () => {
  assert.equal(rateCode(newest({}, [reading("heart_rate", 80), reading("pulse_rate", 79)]), T0), "heart_rate");
  assert.equal(rateCode(newest({}, [reading("heart_rate", 80), reading("pulse_rate", 79, 20_000)]), T0 + 20_000), "pulse_rate");
  assert.equal(rateCode({}, T0), "heart_rate");
});

test("a late reading never replaces a newer one", () => {
  const known = newest(newest({}, [reading("spo2", 97, 1000)]), [reading("spo2", 88, 0)]);

  assert.equal(known.spo2.value, 97);
});

test("a diastolic of another measurement is not shown beside the systolic", () => {
  const known = newest({}, [reading("nibp_systolic", 120, 60_000), reading("nibp_diastolic", 80, 0)]);

  assert.equal(pressure(known, T0 + 60_000).diastolic.state, "absent");
});

test("samples that follow each other across chunks are one run without a gap", () => {
  const drawn = trace([wave(0), wave(200)], T0, T0 + 396);

  assert.equal(drawn.runs.length, 1);
  assert.equal(drawn.runs[0].length, 200);
  assert.deepEqual(drawn.gaps, []);
});

test("a lost chunk breaks the trace and leaves a gap as long as itself", () => {
  const drawn = trace([wave(0), wave(400)], T0, T0 + 596);

  assert.equal(drawn.runs.length, 2);
  assert.deepEqual(drawn.gaps, [[T0 + 196, T0 + 400]]);
});

test("frame after frame draws the same gap as one long stretch", () => {
  const chunks = [wave(0), wave(400)];
  let missing = 0;

  for (let t = 0; t < 592; t += 16) {
    for (const [a, b] of trace(chunks, T0 + t, T0 + t + 16).gaps) missing += b - a;
  }

  assert.ok(Math.abs(missing - 204) <= 24, `gap of ${missing} ms`);
});

test("frame after frame draws every stretch between neighbouring samples", () => {
  const chunks = [wave(0), wave(200)];
  const joined = new Set();

  for (let t = 0; t < 400; t += 7) {
    for (const run of trace(chunks, T0 + t, T0 + t + 7).runs) {
      for (let i = 2; i < run.length; i += 2) joined.add(`${run[i - 2] - T0}-${run[i] - T0}`);
    }
  }

  for (let t = 0; t < 392; t += 4) assert.ok(joined.has(`${t}-${t + 4}`), `no line after ${t} ms`);
});

test("nothing received is one gap over the whole stretch", () => {
  assert.deepEqual(trace([], T0, T0 + 100), { runs: [], gaps: [[T0, T0 + 100]] });
});

test("after the last sample the trace ends and the gap begins", () => {
  const drawn = trace([wave(0)], T0, T0 + 1000);

  assert.deepEqual(drawn.gaps, [[T0 + 196, T0 + 1000]]);
});

test("a repeated chunk is kept once, an older one falls into its place", () => {
  let chunks = [];
  for (const chunk of [wave(0), wave(400), wave(0), wave(200)]) chunks = inserted(chunks, chunk, T0);

  assert.deepEqual(chunks.map((c) => c.start - T0), [0, 200, 400]);
});

test("a wave that comes late fills the gap that it left, while that is on the screen", () => {
  const cut = [wave(0), wave(600)];
  const late = wave(200, 100);

  assert.deepEqual(trace(cut, T0, T0 + 796).gaps, [[T0 + 196, T0 + 600]]);
  assert.deepEqual(trace(inserted(cut, late, T0), T0, T0 + 796).gaps, []);
  assert.ok(onScreen(late, T0 + 5000, 6000));
  assert.ok(!onScreen(late, T0 + 9000, 6000)); // drawn over by now
  assert.ok(!onScreen(late, T0 + 100, 6000)); // the pen comes there by itself
});

test("the play head stays still while data is in time, and moves back when it came late", () => {
  const first = playout({ offset: null, buffer: 1500 }, 10_000, 9_000);
  const steady = playout(first, 10_900, 10_000);
  const late = playout(steady, 14_000, 10_500);

  assert.deepEqual(first, { offset: 2500, buffer: 1500, moved: true });
  assert.deepEqual(steady, { offset: 2500, buffer: 1500, moved: false });
  assert.deepEqual(late, { offset: 5250, buffer: 1750, moved: true });
});

test("a burst after an outage brings the play head back to the present", () => {
  assert.equal(playout({ offset: 60_000, buffer: 1500 }, 100_000, 99_000).offset, 2500);
});

test("an unreadable wave is refused", () => {
  assert.equal(chunkOf({ started_at: "yesterday", rate_hz: 250, scale_uv: 5, samples: [1] }), null);
  assert.equal(chunkOf({ started_at: at(0), rate_hz: 0, scale_uv: 5, samples: [1] }), null);
});

test("every right edge begins a new lap, at today's times and odd widths too", () => {
  const span = (617 / 94.5) * 1000;
  const lap = Math.floor(T0 / span);

  for (let n = lap; n < lap + 500; n += 1) assert.equal(lapOf(n * span, span), n);
});

test("a desk that cannot keep up draws seldomer", () => {
  assert.ok(strokeEvery(16) < 40);
  assert.equal(strokeEvery(120), 100);
});
