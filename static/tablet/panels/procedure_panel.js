// Procedures with their attempts: which, where, what size, did it succeed, what went wrong.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, termsOf } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { entry, group } from "../../shared/record/entries.js";
import { answers, panel, ready } from "./frame.js";
import { optionsOf } from "../dose_view.js";
import { keysView } from "../keys_view.js";

const SIZES = { iv_access: ["14 G", "16 G", "18 G", "20 G", "22 G", "24 G"], io_access: ["15 mm", "25 mm", "45 mm"], intubation: ["3.0", "3.5", "4.0", "5.0", "6.0", "7.0", "7.5", "8.0"], laryngeal_mask: ["1", "1.5", "2", "2.5", "3", "4", "5"] };
const SITED = new Set(["iv_access", "io_access"]);
const MOST_ATTEMPTS = 4;
// A tube is where it belongs only when somebody has shown it: the capnogram first of all.
const TUBES = { intubation: "tracheal_tube", laryngeal_mask: "laryngeal_mask" };

// How often it was tried is asked for every procedure, and by keys of its own.
const unitsOf = (kind) => optionsOf(`treatment.${kind}`).units.filter((unit) => unit !== "attempt");

/** Is there more to say than that it was done? */
export const needsPanel = (kind) => Boolean(SIZES[kind] || SITED.has(kind) || TUBES[kind] || unitsOf(kind).length);

/** panel: {name: "procedure", kind, attempts, success, size, site, complication, confirmed, typed, unit}. */
export function procedurePanel(state, mission, act) {
  const { kind } = state.panel;
  const save = () => {
    const at = nowIso();
    act.write(mission, [...group(saidOf(state.panel), at), ...airwayOf(state.panel, at)]);
    act.close();
  };
  return panel("procedure", label("treatment", kind), askView(state.panel, act), act, { foot: ready("save-procedure", gettext("Done now"), save) });
}

/** The elements of a procedure as chosen; one attempt that succeeded is what goes without saying. */
export function saidOf({ kind, attempts = 1, success = "yes", size, site, complication, typed, unit }) {
  return {
    "procedure.kind": kind,
    "procedure.attempts": { value: String(attempts), unit: "1" },
    "procedure.success": success,
    "procedure.size": size,
    "procedure.access_site": site,
    "procedure.complication": complication,
    "procedure.amount": typed ? { value: typed, unit: unit ?? unitsOf(kind)[0] ?? "" } : undefined,
  };
}

/** How a tube was confirmed, as a group of its own; each way is a statement. */
export function airwayOf({ kind, success = "yes", confirmed = [] }, at) {
  if (!TUBES[kind] || success !== "yes" || !confirmed.length) return [];
  const [first, ...more] = confirmed;
  const rows = group({ "airway.device": TUBES[kind], "airway.confirmed_at": at, "airway.confirmation": first }, at);
  return [...rows, ...more.map((way) => entry("airway.confirmation", way, at, { group: rows[0].group }))];
}

const toggled = (chosen, code) => (chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code]);

function askView(chosen, act) {
  const { kind } = chosen;
  const yes = termsOf("yes_no").filter(([code]) => ["yes", "no"].includes(code));
  const units = unitsOf(kind);
  const sizes = SIZES[kind] ?? [];
  return html`
    ${units.length ? html`<output class="dose-value">${chosen.typed || "—"} <small>${label("unit", chosen.unit ?? units[0])}</small></output>${keysView(chosen.typed ?? "", (typed) => act.change({ typed }))}` : ""}
    ${answers("attempts", gettext("Attempts"), Array.from({ length: MOST_ATTEMPTS }, (_, at) => [String(at + 1), String(at + 1)]), String(chosen.attempts ?? 1), (code) => act.change({ attempts: Number(code) }))}
    ${answers("success", gettext("Successful"), yes, chosen.success ?? "yes", (code) => act.change({ success: code }))}
    ${sizes.length ? answers("size", gettext("Size"), sizes.map((one) => [one, one]), chosen.size, (code) => act.change({ size: code })) : ""}
    ${SITED.has(kind) ? answers("site", gettext("Where"), termsOf("access_site"), chosen.site, (code) => act.change({ site: code })) : ""}
    ${TUBES[kind] ? answers("confirmed", gettext("Position confirmed by"), termsOf("airway_confirmation"), chosen.confirmed ?? [], (code) => act.change({ confirmed: toggled(chosen.confirmed ?? [], code) })) : ""}
    ${answers("complication", gettext("Complication"), termsOf("procedure_complication"), chosen.complication, (code) => act.change({ complication: code }))}`;
}
