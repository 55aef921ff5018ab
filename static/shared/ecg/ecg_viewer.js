// The 12-lead ECG on millimetre paper: mountEcg(element, ecg) where it stands, openEcg(id) over the whole screen.
// The page must load shared/ecg/ecg.css.

import { html, nothing, render } from "/static/vendor/lit-html/lit-html.js";
import { ApiError, api } from "../api.js";
import { label } from "../terms.js";
import { clock } from "../time.js";
import { toast } from "../toast.js";
import { drawPaper, inkOf, recordingOf } from "./ecg_paper.js";
import { followFingers } from "./ecg_fingers.js";
import { FORMATS, GAINS, LAYOUTS, SPEEDS, decoded, fitted, measured, moved, paperOf, toPaper, zoomed } from "./ecg_rules.js";

const LAYOUT_NAMES = { "3x4": () => gettext("3×4 + rhythm"), "6x2": () => "6×2", "12x1": () => "12×1" };
const STEP_PX = 60;
const PRINTED_PX_PER_MM = 8;
const PRINTED = { width_mm: 277, height_mm: 180 };
const PRINT_INK = { paper: "#fff", fine: "#f5c9c6", bold: "#e58d88", trace: "#000", word: "#000", mark: "#0047b3", font: "sans-serif" };

/** 'Interval 800 ms · 75/min · 1.02 mV' */
export const caliperWords = ({ ms, per_minute, mV }) =>
  [
    interpolate(gettext("%(ms)s ms"), { ms }, true),
    per_minute && interpolate(gettext("%(rate)s/min"), { rate: per_minute }, true),
    interpolate(gettext("%(mv)s mV"), { mv: mV.toFixed(2) }, true),
  ].filter(Boolean).join(" · ");

export function mountEcg(element, ecg, { onClose = null } = {}) {
  if (ecg.state !== "read") return mountUnreadable(element, ecg, onClose);
  const recording = recordingOf(decoded(ecg.samples, ecg.count, ecg.leads), ecg.rate_hz, ecg.count);
  let options = { layout: "3x4", cabrera: false, speed: 25, gain: 10 };
  let view = null;
  let size = { width: 1, height: 1 };
  let calipers = null;
  let measuring = false;
  let waiting = false;
  let ink = null;

  const paper = () => paperOf({ ...options, seconds: recording.seconds });
  const choose = (change) => {
    options = { ...options, ...change };
    calipers = null;
    view = fitted(paper(), size);
    show();
  };
  const look = (changed) => {
    view = changed;
    draw();
  };
  const zoom = (factor, at = { x: size.width / 2, y: size.height / 2 }) => look(zoomed(view, factor, at, paper(), size));
  const actions = {
    measuring: () => measuring,
    calipers: () => calipers,
    view: () => view,
    pan: (dx, dy) => look(moved(view, dx, dy, paper(), size)),
    zoom,
    measure: (a, b) => {
      calipers = { a, b };
      show();
    },
    at: (point) => toPaper(point, view),
  };

  const choice = (name, values, words) => html`<span class="ecg-choice" role="group">${values.map(
    (value) => html`<button type="button" class="button small" aria-pressed=${options[name] === value} @click=${() => choose({ [name]: value })}>${words(value)}</button>`,
  )}</span>`;
  const bar = () => html`
    ${choice("layout", LAYOUTS, (value) => LAYOUT_NAMES[value]())}
    <button type="button" class="button small" aria-pressed=${options.cabrera} @click=${() => choose({ cabrera: !options.cabrera })}>Cabrera</button>
    ${choice("speed", SPEEDS, (value) => interpolate(gettext("%(count)s mm/s"), { count: value }, true))}
    ${choice("gain", GAINS, (value) => interpolate(gettext("%(count)s mm/mV"), { count: value }, true))}
    <span class="ecg-choice" role="group">
      <button type="button" class="button small" aria-label=${gettext("Smaller")} @click=${() => zoom(1 / 1.4)}>−</button>
      <button type="button" class="button small" @click=${() => look(fitted(paper(), size))}>${gettext("All")}</button>
      <button type="button" class="button small" aria-label=${gettext("Larger")} @click=${() => zoom(1.4)}>+</button>
    </span>
    <button type="button" class="button small ecg-measure" aria-pressed=${measuring} @click=${() => measure(!measuring)}>${gettext("Measure")}</button>`;
  const value = () => (calipers ? caliperWords(measured(calipers.a, calipers.b, options)) : gettext("Draw from one point to another"));

  function measure(on) {
    measuring = on;
    if (!on) calipers = null;
    show();
  }

  function show() {
    render(html`
      ${headView(ecg, onClose)}
      ${notesView(ecg)}
      <div class="ecg-bar">${bar()}</div>
      <div class="ecg-sheet ${measuring ? "measuring" : ""}"><canvas class="ecg-canvas" tabindex="0" role="img" aria-label=${gettext("12-lead ECG on millimetre paper")}></canvas>
        <output class="ecg-value" aria-live="polite" ?hidden=${!measuring}>${measuring ? value() : nothing}</output></div>
      <canvas class="ecg-printed" aria-hidden="true"></canvas>`, element);
    draw();
  }

  const canvas = () => element.querySelector(".ecg-canvas");

  function draw() {
    if (waiting || !view) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const target = canvas();
      if (!target) return;
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (target.width !== width || target.height !== height) Object.assign(target, { width, height });
      const context = target.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      ink ??= inkOf(target);
      drawPaper(context, { recording, options, view, size, ink, calipers });
    });
  }

  function resize() {
    const sheet = element.querySelector(".ecg-sheet");
    if (!sheet?.clientWidth) return;
    const whole = !view || Math.abs(view.scale - fitted(paper(), size).scale) < 1e-6;
    size = { width: sheet.clientWidth, height: sheet.clientHeight };
    view = whole ? fitted(paper(), size) : moved(view, 0, 0, paper(), size);
    draw();
  }

  /** True to the millimetre on A4: the first part of a long recording. */
  function drawPrinted() {
    const target = element.querySelector(".ecg-printed");
    const scale = PRINTED_PX_PER_MM;
    Object.assign(target, { width: PRINTED.width_mm * scale, height: PRINTED.height_mm * scale });
    const whole = { width: target.width, height: target.height };
    drawPaper(target.getContext("2d"), { recording, options, view: { scale, x: 0, y: 0 }, size: whole, ink: PRINT_INK, calipers });
  }

  const KEYS = {
    "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: () => look(fitted(paper(), size)),
    ArrowLeft: () => actions.pan(STEP_PX, 0), ArrowRight: () => actions.pan(-STEP_PX, 0),
    ArrowUp: () => actions.pan(0, STEP_PX), ArrowDown: () => actions.pan(0, -STEP_PX),
    m: () => measure(!measuring),
  };
  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  }

  element.classList.add("ecg-viewer");
  show();
  const letGo = followFingers(canvas(), actions);
  const seen = new ResizeObserver(resize);
  seen.observe(element.querySelector(".ecg-sheet"));
  const themed = new MutationObserver(() => {
    ink = null;
    draw();
  });
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  element.addEventListener("keydown", press);
  window.addEventListener("beforeprint", drawPrinted);
  resize();
  return {
    unmount() {
      letGo();
      seen.disconnect();
      themed.disconnect();
      element.removeEventListener("keydown", press);
      window.removeEventListener("beforeprint", drawPrinted);
      render(nothing, element);
    },
  };
}

const headView = (ecg, onClose) => html`<header class="ecg-head">
  <h1>${gettext("12-lead ECG")} <time>${clock(ecg.occurred_at)}</time></h1>
  <p>${[
    ecg.told_at && interpolate(gettext("recorder's clock %(time)s"), { time: ecg.told_at.slice(0, 19).replace("T", " ") }, true),
    FORMATS[ecg.format],
    ecg.rate_hz && interpolate(gettext("%(rate)s samples/s"), { rate: Math.round(ecg.rate_hz) }, true),
    ecg.count && interpolate(gettext("%(count)s s"), { count: Math.round((ecg.count / ecg.rate_hz) * 10) / 10 }, true),
  ].filter(Boolean).join(" · ")}</p>
  <a class="button small" href="/api/ecgs/${ecg.id}/original/" download>${gettext("Original file")}</a>
  ${onClose
    ? html`<a class="button small" href="/ecgs/${ecg.id}/" target="_blank" rel="noopener">${gettext("Print")}</a>
        <button type="button" class="button ecg-close" @click=${onClose}>${gettext("Close")}</button>`
    : html`<button type="button" class="button small" @click=${() => window.print()}>${gettext("Print")}</button>`}
</header>`;

const notesView = (ecg) => (ecg.notes.length ? html`<ul class="ecg-notes">${ecg.notes.map((note) => html`<li>${label("ecg_note", note)}</li>`)}</ul>` : "");

function mountUnreadable(element, ecg, onClose) {
  element.classList.add("ecg-viewer");
  const why = ecg.state === "unreadable" ? label("ecg_fault", ecg.fault) : label("ecg_state", ecg.state);
  render(html`${headView(ecg, onClose)}<p class="notice bad ecg-fault"><b>${gettext("This ECG cannot be drawn")}</b> <span>${why}</span> <span>${gettext("The original file is kept.")}</span></p>`, element);
  return { unmount: () => render(nothing, element) };
}

/** Over the whole screen, above whatever runs below: a board goes on living behind it. */
export async function openEcg(id) {
  const dialog = document.createElement("dialog");
  dialog.className = "ecg-dialog";
  dialog.setAttribute("aria-label", gettext("12-lead ECG"));
  dialog.textContent = gettext("Loading…");
  document.body.append(dialog);
  dialog.showModal();
  let mounted = null;
  dialog.addEventListener("close", () => {
    mounted?.unmount();
    dialog.remove();
  });
  try {
    const ecg = await api.get(`/api/ecgs/${id}/`);
    if (!dialog.open) return;
    dialog.textContent = "";
    mounted = mountEcg(dialog, ecg, { onClose: () => dialog.close() });
  } catch (error) {
    dialog.close();
    if (!(error instanceof ApiError)) throw error;
    toast(error.detail, "bad");
  }
}
