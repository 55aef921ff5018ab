// The tiles of a monitor: number, limits, age, what is wrong with the signal, and the mission's trend.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { judged, pressure, rateCode, shown } from "./monitor_rules.js";
import { alarmOf, limitText, signalOf, trendPath } from "./monitor_signs.js";
import { label as term } from "./terms.js";
import { ageText, clock } from "./time.js";

const TREND_CODES = [
  ["heart_rate", "heart_rate"], ["pulse_rate", "pulse_rate"], ["spo2", "spo2"], ["nibp", "nibp_systolic"],
  ["respiratory_rate", "respiratory_rate"], ["etco2", "etco2"], ["temperature", "temperature"],
];
const RATES = {
  heart_rate: () => ({ code: "heart_rate", label: gettext("HR"), name: gettext("Heart rate"), unit: "/min" }),
  pulse_rate: () => ({ code: "pulse_rate", label: gettext("PR"), name: gettext("Pulse rate (finger probe)"), unit: "/min" }),
};

const tilesOf = (readings, now) => [
  RATES[rateCode(readings, now)](),
  { code: "spo2", label: gettext("SpO₂"), name: gettext("Oxygen saturation"), unit: "%" },
  { code: "nibp", label: gettext("NIBP"), name: gettext("Blood pressure (cuff)"), unit: "mmHg" },
  { code: "respiratory_rate", label: gettext("RR"), name: gettext("Respiratory rate"), unit: "/min" },
  { code: "etco2", label: gettext("EtCO₂"), name: gettext("End-tidal CO₂"), unit: "mmHg" },
  { code: "temperature", label: gettext("Temp"), name: gettext("Temperature"), unit: "°C" },
];

// Why there is no number where one should be.
export const SIGNAL = {
  leads_off: () => gettext("leads off"),
  probe_off: () => gettext("probe off"),
  poor_signal: () => gettext("poor signal"),
  off: () => gettext("off"),
  fault: () => gettext("fault"),
};
const MARKS = { high: "!!!", medium: "!!", low: "!" };
const TREND = { width: 100, height: 20 };
const LIMITED = { nibp: "nibp_systolic", pulse_rate: "heart_rate" };

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

/** The whole mission as a thin line behind the number. */
function trendView(points, now) {
  const from = points?.[0]?.[0];
  const path = from === undefined ? "" : trendPath(points, { from, to: Math.max(now, from + 600_000), ...TREND });
  return path ? html`<svg class="vital-trend" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><path d=${path}></path></svg>` : nothing;
}

function tileView({ code, label, name, unit }, { readings, signs, alarms, trends }, now) {
  const { tile, text, extra } = code === "nibp" ? cuff(readings, now) : single(readings, code, now);
  const signal = signalOf(code, signs);
  const alarm = alarmOf(code, alarms);
  const quality = QUALITY[tile.quality]?.();
  return html`
    <div class="vital" data-vital=${code} data-state=${signal ? "absent" : tile.state} data-signal=${signal ?? ""} data-quality=${tile.quality}
        data-alarm=${alarm?.priority ?? ""} data-alarm-state=${alarm?.state ?? ""} title=${name}>
      ${trends[code] ?? nothing}
      <dt>${alarm ? html`<b class="vital-mark">${MARKS[alarm.priority]}</b>` : nothing}${label} <small>${tile.unit ? term("vital_unit", tile.unit) : unit}</small></dt>
      <dd>
        <span class="vital-value">${signal ? "--" : text}</span>
        <span class="vital-extra">${signal ? "" : extra}</span>
        <span class="vital-foot">
          <span class="vital-age">${signal ? html`<b class="vital-quality">${SIGNAL[signal]?.() ?? signal}</b>` : html`${note(tile, code)}${quality ? html` <b class="vital-quality">${quality}</b>` : ""}`}</span>
          <span class="vital-limits" title=${gettext("Alarm limits")}>${signal ? "" : limitText(signs.limits[LIMITED[code] ?? code])}</span>
        </span>
      </dd>
    </div>`;
}

/** What trendView needs a while to draw, once in a while. */
export const trendsView = (trend, now) => Object.fromEntries(TREND_CODES.map(([tile, code]) => [tile, trendView(trend[code], now)]));

/** shownNow: {readings, signs, alarms, trends}. */
export const tilesView = (shownNow, now) =>
  html`<dl class="monitor-vitals">${tilesOf(shownNow.readings, now).map((tile) => tileView(tile, shownNow, now))}</dl>`;
