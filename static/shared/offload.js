// The offload clock with its word: the colour is never the only sign.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { LATE_S, offloadOf, TARGET_S } from "./offload_rules.js";
import { label } from "./terms.js";
import { now_ms } from "./time.js";

/** The running clock with its word: 'at the door 12:34, over target (15 min)'. */
export function offloadView(handover, door, at_ms = now_ms()) {
  const offload = offloadOf(handover, door, at_ms);
  if (!offload) return "";
  const target_s = door?.offload_target_s ?? TARGET_S;
  return html`<span class="offload" data-pace=${offload.pace}><span>${offload.over ? gettext("Offload took") : gettext("Offload")}</span>
    <time data-elapsed=${handover.times.arrived} data-until=${handover.times.handed_over ?? ""} data-warn=${target_s} data-late=${Math.max(LATE_S, target_s)}></time>
    <span class="offload-word">${label("pace", offload.pace)}</span>
    <small>${interpolate(gettext("target %(minutes)s min"), { minutes: Math.round(target_s / 60) }, true)}</small></span>`;
}

/** 'in time', 'over target', 'late': the colour is never the only sign. */
export function paceWord(handover, door) {
  const offload = offloadOf(handover, door, now_ms());
  return offload ? label("pace", offload.pace) : "";
}
