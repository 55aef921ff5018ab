// The vital-signs monitor of one mission: numbers, a sweeping ECG, and honesty
// about age. One component for the tablet, the console and the ED screen:
//   const monitor = mountMonitor(element, {missionId, compact}); … monitor.unmount();
// The page must load monitor.css.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { openFeed } from "./feed.js";
import { judged, newest, pressure, rateCode, shown } from "./monitor_rules.js";
import { startSweep } from "./monitor_sweep.js";
import { label as term } from "./terms.js";
import { ageText, clock, now_ms } from "./time.js";

const WAVE_SILENT_MS = 2_000;
const DELAY_WORTH_SAYING_MS = 6_000;

const RATES = {
  heart_rate: () => ({ code: "heart_rate", label: gettext("HR"), name: gettext("Heart rate"), unit: "/min" }),
  pulse_rate: () => ({ code: "pulse_rate", label: gettext("PR"), name: gettext("Pulse rate (finger probe)"), unit: "/min" }),
};

const tiles = (readings, now) => [
  RATES[rateCode(readings, now)](),
  { code: "spo2", label: gettext("SpO₂"), name: gettext("Oxygen saturation"), unit: "%" },
  { code: "nibp", label: gettext("NIBP"), name: gettext("Blood pressure (cuff)"), unit: "mmHg" },
  { code: "respiratory_rate", label: gettext("RR"), name: gettext("Respiratory rate"), unit: "/min" },
  { code: "etco2", label: gettext("EtCO₂"), name: gettext("End-tidal CO₂"), unit: "mmHg" },
  { code: "temperature", label: gettext("Temp"), name: gettext("Temperature"), unit: "°C" },
];

const QUALITY = {
  questionable: () => gettext("uncertain"),
  invalid: () => gettext("invalid"),
};

function note(tile, code) {
  if (tile.state === "absent") return gettext("no value");
  if (code === "nibp") {
    const at = clock(tile.at, { seconds: false });
    return tile.state === "stale" ? `${at} · ${ageText(tile.age_ms / 1000)}` : at;
  }
  return tile.state === "stale"
    ? interpolate(gettext("%(age)s old"), { age: ageText(tile.age_ms / 1000) }, true)
    : ageText(tile.age_ms / 1000);
}

function cuff(readings, now) {
  const { systolic, diastolic, mean } = pressure(readings, now);
  const text = systolic.state === "absent" ? "—" : `${shown(systolic.value)}/${shown(diastolic.value)}`;
  return { tile: systolic, text, extra: mean.state === "absent" ? "" : `(${shown(mean.value)})` };
}

function single(readings, code, now) {
  const tile = judged(readings[code], now);
  return { tile, text: shown(tile.value, code), extra: "" };
}

function tileView({ code, label, name, unit }, readings, now) {
  const { tile, text, extra } = code === "nibp" ? cuff(readings, now) : single(readings, code, now);
  const quality = QUALITY[tile.quality]?.();
  return html`
    <div class="vital" data-vital=${code} data-state=${tile.state} data-quality=${tile.quality} title=${name}>
      <dt>${label} <small>${tile.unit ? term("vital_unit", tile.unit) : unit}</small></dt>
      <dd>
        <span class="vital-value">${text}</span>
        <span class="vital-extra">${extra}</span>
        <span class="vital-age">${note(tile, code)}${quality ? html` <b class="vital-quality">${quality}</b>` : ""}</span>
      </dd>
    </div>`;
}

function waveNote(sweep, link) {
  if (link === "lost") return gettext("no connection");
  if (sweep.silentFor() > WAVE_SILENT_MS) return gettext("no signal");
  const late_ms = now_ms() - sweep.playing();
  if (late_ms < DELAY_WORTH_SAYING_MS) return "";
  return interpolate(gettext("delayed %(age)s"), { age: ageText(late_ms / 1000) }, true);
}

export function mountMonitor(element, { missionId, compact = false }) {
  let readings = {};
  let link = "connecting";
  let sweep = null;

  const view = () => {
    const now = now_ms();
    const said = sweep ? waveNote(sweep, link) : "";
    return html`
      <div class="monitor-wave">
        <span class="monitor-lead">${gettext("ECG II")} <small>25 mm/s</small></span>
        <span class="monitor-said" role="status">${said}</span>
        <i class="monitor-scale" style="height:${sweep?.gain() ?? 0}px" title="1 mV" aria-hidden="true"></i>
        <canvas aria-hidden="true"></canvas>
      </div>
      <dl class="monitor-vitals">${tiles(readings, now).map((tile) => tileView(tile, readings, now))}</dl>`;
  };
  const draw = () => {
    element.dataset.link = link;
    render(view(), element);
  };

  function take(message) {
    if (message.t === "history") {
      readings = newest({}, message.readings);
      message.waves.forEach((wave) => sweep.take(wave));
    } else if (message.t === "numbers") {
      readings = newest(readings, message.readings);
    } else if (message.t === "wave") {
      sweep.take(message);
      return; // the canvas draws by itself
    }
    draw();
  }

  element.classList.add("monitor");
  element.classList.toggle("compact", compact);
  element.setAttribute("aria-label", gettext("Vital signs"));
  draw();
  sweep = startSweep(element.querySelector("canvas"));
  const feed = openFeed({
    path: `/live/missions/${missionId}/vitals/`,
    onMessage: take,
    onLink: (state) => {
      const ended = state === "signed_out" || state === "refused";
      link = ended ? "lost" : state;
      if (ended) readings = {}; // whose access has ended does not keep the last numbers
      draw();
    },
  });
  const ageing = setInterval(draw, 1000); // values grow old without a message

  return {
    unmount() {
      clearInterval(ageing);
      feed.close();
      sweep.stop();
      render("", element);
      element.classList.remove("monitor", "compact");
    },
  };
}
