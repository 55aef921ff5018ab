// The vital-signs monitor of one mission: numbers, a sweeping ECG, and honesty
// about age. One component for the tablet, the console and the ED screen:
//   const monitor = mountMonitor(element, {missionId, compact, onAcknowledge});
//   monitor.showAlarms(alarms); … monitor.unmount();
// Alarms come with the board of the page; without onAcknowledge they cannot be answered here.
// The page must load monitor.css.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { openFeed } from "./feed.js";
import { alarmsView, scoresView } from "./monitor_alarms.js";
import { newest } from "./monitor_rules.js";
import { alarmOf, initialSigns, signalOf, withSigns } from "./monitor_signs.js";
import { startSweep } from "./monitor_sweep.js";
import { SIGNAL, tilesView, trendsView } from "./monitor_tiles.js";
import { ageText, now_ms } from "./time.js";

const WAVE_SILENT_MS = 2_000;
const DELAY_WORTH_SAYING_MS = 6_000;
const TRENDS_EVERY_MS = 10_000;
const LEADS = { ecg_i: "ECG I", ecg_ii: "ECG II", ecg_iii: "ECG III", ecg_avr: "ECG aVR", ecg_avl: "ECG aVL", ecg_avf: "ECG aVF" };

function waveNote(sweep, link, signal) {
  if (link === "lost") return gettext("no connection");
  if (signal) return SIGNAL[signal]?.() ?? signal;
  if (sweep.silentFor() > WAVE_SILENT_MS) return gettext("no signal");
  const late_ms = now_ms() - sweep.playing();
  if (late_ms < DELAY_WORTH_SAYING_MS) return "";
  return interpolate(gettext("delayed %(age)s"), { age: ageText(late_ms / 1000) }, true);
}

export function mountMonitor(element, { missionId, compact = false, onAcknowledge = null }) {
  let readings = {};
  let signs = initialSigns;
  let alarms = [];
  let lead = null;
  let trends = {};
  let trendsAt = 0;
  let link = "connecting";
  let sweep = null;

  const view = () => {
    const now = now_ms();
    const said = sweep ? waveNote(sweep, link, signalOf("ecg", signs)) : "";
    if (now - trendsAt > TRENDS_EVERY_MS) {
      trendsAt = now;
      trends = trendsView(signs.trend, now);
    }
    return html`
      ${alarmsView(alarms, now, onAcknowledge)}
      <div class="monitor-wave" data-alarm=${alarmOf("ecg", alarms)?.priority ?? ""}>
        <span class="monitor-lead">${LEADS[lead] ?? (lead === "ecg_pads" ? gettext("ECG pads") : "ECG II")} <small>25 mm/s</small></span>
        <span class="monitor-said" role="status">${said}</span>
        <i class="monitor-scale" style="height:${sweep?.gain() ?? 0}px" title="1 mV" aria-hidden="true"></i>
        <canvas aria-hidden="true"></canvas>
      </div>
      ${tilesView({ readings, signs, alarms, trends }, now)}
      ${scoresView(signs.scores, signs.ageKnown)}`;
  };
  const draw = () => {
    asked = false;
    element.dataset.link = link;
    render(view(), element);
  };
  let asked = false;
  /** However many messages come together, one drawing; a hidden page draws with its next second. */
  const ask = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => asked && draw());
  };

  /** One lead is drawn: II, or the first that comes while there is no II. */
  function takeWave(wave) {
    if (lead !== null && wave.lead !== lead && wave.lead !== "ecg_ii") return;
    lead = wave.lead;
    sweep.take(wave);
  }

  function take(message) {
    if (message.t === "wave") {
      takeWave(message);
      return; // the canvas draws by itself
    }
    signs = withSigns(signs, message);
    if (message.t === "history") {
      readings = newest({}, message.readings);
      message.waves.forEach(takeWave);
      trendsAt = 0;
    } else if (message.t === "numbers") {
      readings = newest(readings, message.readings, now_ms());
    }
    ask();
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
      if (ended) [readings, signs, alarms] = [{}, initialSigns, []]; // whose access has ended keeps nothing
      draw();
    },
  });
  const ageing = setInterval(draw, 1000); // values grow old without a message

  return {
    showAlarms(rows) {
      alarms = rows;
      ask();
    },
    unmount() {
      clearInterval(ageing);
      feed.close();
      sweep.stop();
      render("", element);
      element.classList.remove("monitor", "compact");
    },
  };
}
