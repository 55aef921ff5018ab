// Where each lead stands on the paper, and what two points of it measure. Pure: millimetres, seconds, millivolts.

export const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
export const LAYOUTS = ["3x4", "6x2", "12x1"];
export const SPEEDS = [25, 50]; // mm/s
export const GAINS = [5, 10, 20]; // mm/mV
export const FORMATS = { dicom: "DICOM", aecg: "HL7 aECG", wfdb: "WFDB" }; // names of standards: not translated
export const MISSING = -32768;

const LIMB = ["I", "II", "III", "aVR", "aVL", "aVF"];
// Cabrera: by the angle at which each lead looks at the heart; aVR is turned round to fit in.
const CABRERA = ["aVL", "I", "-aVR", "II", "aVF", "III"];
const CHEST = ["V1", "V2", "V3", "V4", "V5", "V6"];
const RHYTHM = "II";

export const LEFT_MM = 14; // the calibration pulse and a label's worth of room
export const TOP_MM = 4;
const ROW_MM = { "3x4": 32, "6x2": 22, "12x1": 14.3 };

/** Base64 of int16, lead after lead → {lead: Int16Array}. */
export function decoded(samples, count, leads = LEADS) {
  const bytes = Uint8Array.from(atob(samples), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const all = new Int16Array(bytes.length / 2);
  for (let place = 0; place < all.length; place += 1) all[place] = view.getInt16(place * 2, true);
  return Object.fromEntries(leads.map((lead, number) => [lead, all.subarray(number * count, (number + 1) * count)]));
}

/** The grid of leads: rows of names, each cell an equal part of the whole time. */
function cells(layout, cabrera) {
  const limb = cabrera ? CABRERA : LIMB;
  if (layout === "12x1") return [...limb, ...CHEST].map((lead) => [lead]);
  if (layout === "6x2") return limb.map((lead, row) => [lead, CHEST[row]]);
  const column = (number) => [...limb, ...CHEST].slice(number * 3, number * 3 + 3);
  return [0, 1, 2].map((row) => [0, 1, 2, 3].map((number) => column(number)[row]));
}

/**
 * The strips of a layout: {lead, sign, row, from_s, to_s}. Columns follow each other in time, as
 * on paper: a beat is never shown twice in a row.
 */
export function strips({ layout, cabrera, seconds }) {
  const grid = cells(layout, cabrera);
  const found = grid.flatMap((leads, row) =>
    leads.map((name, column) => {
      const part = seconds / leads.length;
      return { lead: name.replace("-", ""), sign: name.startsWith("-") ? -1 : 1, row, from_s: column * part, to_s: (column + 1) * part };
    }),
  );
  if (layout === "3x4") found.push({ lead: RHYTHM, sign: 1, row: grid.length, from_s: 0, to_s: seconds, rhythm: true });
  return found;
}

export function paperOf({ layout, seconds, speed }) {
  const rows = { "3x4": 4, "6x2": 6, "12x1": 12 }[layout];
  return { width_mm: LEFT_MM + seconds * speed + 4, height_mm: TOP_MM * 2 + rows * ROW_MM[layout], row_mm: ROW_MM[layout], rows };
}

export const x_mm = (at_s, { speed }) => LEFT_MM + at_s * speed;
export const base_mm = (row, paper) => TOP_MM + (row + 0.55) * paper.row_mm;

/** What lies between two points of the paper; no rate for what is shorter than 100 ms. */
export function measured(a, b, { speed, gain }) {
  const ms = (Math.abs(b.x - a.x) / speed) * 1000;
  return { ms: Math.round(ms), per_minute: ms >= 100 ? Math.round(60_000 / ms) : null, mV: Math.round((Math.abs(b.y - a.y) / gain) * 100) / 100 };
}

/** The whole paper in the window: {scale: pixels a millimetre, x, y: pixels}. */
export function fitted(paper, size) {
  const scale = Math.min(size.width / paper.width_mm, size.height / paper.height_mm);
  return placed({ scale, x: 0, y: 0 }, paper, size);
}

export const NEAREST = 24; // pixels a millimetre
export function zoomed(view, factor, at, paper, size) {
  const least = fitted(paper, size).scale;
  const scale = Math.min(Math.max(view.scale * factor, least), NEAREST);
  const ratio = scale / view.scale;
  return placed({ scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, paper, size);
}

export const moved = (view, dx, dy, paper, size) => placed({ ...view, x: view.x + dx, y: view.y + dy }, paper, size);

/** Never off the paper; in the middle along a side where all of it is seen. */
function placed(view, paper, size) {
  const along = (offset, length, room) => (length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset)));
  return { ...view, x: along(view.x, paper.width_mm * view.scale, size.width), y: along(view.y, paper.height_mm * view.scale, size.height) };
}

export const toPaper = (point, view) => ({ x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale });
export const toWindow = (point, view) => ({ x: point.x * view.scale + view.x, y: point.y * view.scale + view.y });

/** The level of a lead's line: its median, so that an electrode's own voltage does not move it. */
export function level(samples) {
  const known = [];
  const step = Math.max(1, Math.floor(samples.length / 2000));
  for (let place = 0; place < samples.length; place += step) if (samples[place] !== MISSING) known.push(samples[place]);
  return known.sort((a, b) => a - b)[known.length >> 1] ?? 0;
}

/**
 * The line of samples first..last as runs of [place, microvolts]; a missing sample ends a run.
 * Where several samples share a pixel their lowest and highest are kept: no R wave gets lost.
 */
export function runs(samples, first, last, per_pixel) {
  const found = [];
  let run = [];
  const bucket = Math.max(1, Math.floor(per_pixel));
  for (let start = first; start < last; start += bucket) {
    let low = -1;
    let high = -1;
    let broken = false;
    for (let place = start; place < Math.min(start + bucket, last); place += 1) {
      if (samples[place] === MISSING) broken = true;
      else {
        if (low < 0 || samples[place] < samples[low]) low = place;
        if (high < 0 || samples[place] > samples[high]) high = place;
      }
    }
    for (const place of low === high ? [low] : [low, high].sort((a, b) => a - b)) if (place >= 0) run.push([place, samples[place]]);
    if (broken && run.length) {
      found.push(run);
      run = [];
    }
  }
  if (run.length) found.push(run);
  return found;
}
