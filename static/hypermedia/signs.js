// The monitor at the moment that is shown: its numbers, and the seconds of waves before it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { api } from "../shared/api.js";
import { shown } from "../shared/monitor_rules.js";
import { clock } from "../shared/time.js";
import { valueAt } from "./timeline_rules.js";

export const WINDOW_MS = 8000;
const CHUNK_MS = 60_000;
const MINUTE_MS = 60_000;
const STALE = { nibp_systolic: 15 * MINUTE_MS, nibp_diastolic: 15 * MINUTE_MS, nibp_mean: 15 * MINUTE_MS, temperature: MINUTE_MS, glucose: 60 * MINUTE_MS };
export const staleOf = (code) => STALE[code] ?? 15_000;

const TILES = () => [
  { code: "heart_rate", label: gettext("HR"), name: gettext("Heart rate"), unit: "/min", tone: "heart" },
  { code: "spo2", label: gettext("SpO₂"), name: gettext("Oxygen saturation"), unit: "%", tone: "oxygen" },
  { code: "nibp_systolic", label: gettext("NIBP"), name: gettext("Blood pressure (cuff)"), unit: "mmHg", tone: "pressure" },
  { code: "respiratory_rate", label: gettext("RR"), name: gettext("Respiratory rate"), unit: "/min", tone: "breath" },
  { code: "etco2", label: gettext("EtCO₂"), name: gettext("End-tidal CO₂"), unit: "mmHg", tone: "carbon" },
  { code: "temperature", label: gettext("Temp"), name: gettext("Temperature"), unit: "°C", tone: "warmth" },
];

function textAt(numbers, code, at_ms) {
  const one = numbers[code] && valueAt(numbers[code], at_ms, staleOf(code));
  if (!one) return { text: "—", note: gettext("no value") };
  if (code !== "nibp_systolic") return { text: shown(one.value, code), note: "" };
  const low = numbers.nibp_diastolic && valueAt(numbers.nibp_diastolic, at_ms, staleOf(code));
  return { text: `${shown(one.value)}/${low ? shown(low.value) : "—"}`, note: clock(new Date(one.at_ms).toISOString(), { seconds: false }) };
}

export const signsView = (numbers, at_ms) => html`<div class="signs">${TILES().map(({ code, label, name, unit, tone }) => {
  const { text, note } = textAt(numbers, code, at_ms);
  return html`<div class="sign" data-code=${code} data-tone=${tone} title=${name}><span class="sign-name">${label} <i>${unit}</i></span><b>${text}</b><small>${note}</small></div>`;
})}</div>`;



const NAMES = { ecg_i: "I", ecg_ii: "II", ecg_iii: "III", ecg_avr: "aVR", ecg_avl: "aVL", ecg_avf: "aVF", ecg_v1: "V1", ecg_v2: "V2", ecg_v3: "V3", ecg_v4: "V4", ecg_v5: "V5", ecg_v6: "V6", ecg_pads: "Pads" };
const WANTED = ["ecg_ii", "ecg_pads", "ecg_v1", ...Object.keys(NAMES)].filter((lead, at, all) => all.indexOf(lead) === at);

/** Returns {draw(at_ms)}: waves are fetched a minute at a time, around where the clock is. */
export function createWaves(canvas, mission, { onChange }) {
  const chunks = new Map(); // chunk → [strip] | promise
  const decode = (base64) => new Int16Array(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);

  function ask(chunk) {
    if (chunks.has(chunk)) return;
    if (chunks.size > 30) chunks.delete(chunks.keys().next().value);
    const asked = api.get(`/api/missions/${mission}/hypermedia/waves/?since_ms=${chunk * CHUNK_MS}&until_ms=${(chunk + 1) * CHUNK_MS}`);
    chunks.set(chunk, []);
    asked.then((strips) => {
      chunks.set(chunk, strips.map((one) => ({ ...one, samples: decode(one.samples) })));
      onChange();
    }, () => setTimeout(() => chunks.delete(chunk), 3000));
  }

  function draw(at_ms, { fetching = true } = {}) {
    const [first, last] = [Math.floor((at_ms - WINDOW_MS) / CHUNK_MS), Math.floor((at_ms + 2000) / CHUNK_MS)];
    if (fetching) for (let chunk = first; chunk <= last; chunk += 1) ask(chunk);
    const strips = [first, last].flatMap((chunk, at) => (at && first === last ? [] : chunks.get(chunk) ?? []));
    const leads = WANTED.filter((lead) => strips.some((one) => one.lead === lead)).slice(0, 3);
    paint(canvas, leads.length ? leads : ["ecg_ii"], strips, at_ms);
  }
  return { draw };
}

function paint(canvas, leads, strips, at_ms) {
  const scale = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width) return;
  if (canvas.width !== Math.round(width * scale)) [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const each = height / leads.length;
  leads.forEach((lead, row) => {
    const tone = style.getPropertyValue(`--vital-heart`);
    context.fillStyle = style.getPropertyValue("--ink-3");
    context.font = `600 11px ${style.fontFamily}`;
    context.fillText(NAMES[lead] ?? lead, 4, row * each + 13);
    wave(context, strips.filter((one) => one.lead === lead), at_ms, { top: row * each, height: each, width, tone });
  });
}

function wave(context, strips, at_ms, { top, height, width, tone }) {
  const from = at_ms - WINDOW_MS;
  const seen = [];
  for (const { at_ms: begin, rate_hz, samples, scale_uv } of strips) {
    const step = 1000 / rate_hz;
    const first = Math.max(0, Math.ceil((from - begin) / step));
    const last = Math.min(samples.length - 1, Math.floor((at_ms - begin) / step));
    for (let at = first; at <= last; at += 1) if (samples[at] !== -32768) seen.push([begin + at * step, samples[at] * scale_uv]);
  }
  if (!seen.length) return;
  seen.sort((a, b) => a[0] - b[0]);
  let [low, high] = [Infinity, -Infinity];
  for (const [, value] of seen) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const span = Math.max(high - low, 400);
  const y = (value) => top + height * 0.92 - ((value - (low + high - span) / 2) / span) * height * 0.8;
  context.strokeStyle = tone;
  context.lineWidth = 1.6;
  context.lineJoin = "round";
  context.beginPath();
  let before = -Infinity;
  for (const [time, value] of seen) {
    const x = ((time - from) / WINDOW_MS) * width;
    if (time - before > 60) context.moveTo(x, y(value)); // a gap is a gap
    else context.lineTo(x, y(value));
    before = time;
  }
  context.stroke();
}
