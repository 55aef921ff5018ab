// Injuries and burns on a body: tap where, then what; the burnt surface adds itself up.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { label, termsOf } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { entry, group, groupsOf } from "../../shared/record/entries.js";
import { answers, panel, ready } from "../panels/frame.js";
import { patientOf, placesOf } from "../tablet_state.js";
import { burnt, examRegion, method, PARTS, total } from "./body_rules.js";
import { figure } from "./figure.js";

const INJURIES = ["burn", "bleeding", "laceration", "contusion", "abrasion", "fracture_closed", "fracture_open", "deformity", "amputation", "puncture", "gunshot", "crush", "swelling", "pain", "tenderness", "foreign_body", "paralysis", "other"];
const SMALL_CHILD_YEARS = 5;

const said = (found, element) => found.values[element]?.map((place) => place.heads[0].value) ?? [];
const regionText = (region, side) => [side === "midline" ? "" : label("side", side), region === "upper_back" ? gettext("Upper back") : region === "lower_back" ? gettext("Lower back and buttocks") : label("exam_region", region)].filter(Boolean).join(" ");

/** panel: {name: "body", view, region, side, findings, depth, part}. */
export function bodyPanel(state, mission, act) {
  const { burns } = state.reference.forms ?? {};
  if (!burns) return panel("body", gettext("Body map"), html`<p class="empty">${gettext("The chart has not come from the server yet.")}</p>`, act);
  const age = patientOf(state, mission)?.age_years ?? state.board.collections.incidents?.[mission.incident_id]?.patient_age_years ?? null;
  const found = groupsOf(placesOf(state, mission), "exam");
  const sum = total(found);
  const { region } = state.panel;
  return panel("body", region ? regionText(region, state.panel.side) : gettext("Body map"), html`<div class="body-map" data-wide>
      <div class="figures">${["front", "back"].map((view) => figure(view, { child: age !== null && age < SMALL_CHILD_YEARS, name: regionText, marks: marksOf(view, found), chosen: state.panel.view === view ? `${region} ${state.panel.side}` : "", tap: (to, side) => act.change({ view, region: to, side, findings: [], depth: "partial", part: "100" }) }))}</div>
      <div class="body-side">${region ? askView(state.panel, act) : foundView(found, sum, act)}
        ${sum.percent ? html`<p class="burnt" role="status"><b>${gettext("Burnt surface")} ${sum.percent} %</b> ${sum.deep ? html`<span>${label("burn_depth", "full")} ${sum.deep} %</span>` : ""}<small>${method(age, burns)}</small></p>` : ""}</div></div>`, act, {
    back: region ? () => act.open("body") : act.close,
    foot: region ? ready("save-region", gettext("Record"), () => save(state.panel, age, burns, mission, act), { disabled: !state.panel.findings.length }) : "",
  });
}

/** Which shapes of a view carry a finding: a burn is drawn otherwise than an injury. */
function marksOf(view, found) {
  const marks = new Map();
  for (const one of found) {
    const [area = ""] = said(one, "exam.area");
    const [seen, region] = area.split(" ");
    if (seen === view) marks.set(`${region} ${said(one, "exam.side")[0] ?? "midline"}`, said(one, "exam.finding").includes("burn") ? "burnt-part" : "hurt-part");
  }
  return marks;
}

const toggled = (chosen, code) => (chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code]);

function askView({ findings, depth, part }, act) {
  const names = new Map(termsOf("exam_finding"));
  return html`${answers("finding", gettext("What is found?"), INJURIES.filter((code) => names.has(code)).map((code) => [code, names.get(code)]), findings, (code) => act.change({ findings: toggled(findings, code) }))}
    ${findings.includes("burn") ? html`${answers("depth", gettext("Depth"), termsOf("burn_depth"), depth, (code) => act.change({ depth: code }))}${answers("part", gettext("How much of it?"), PARTS, part, (code) => act.change({ part: code }))}` : ""}`;
}

const foundView = (found, sum, act) => html`<p class="faint">${gettext("Tap the region that is hurt.")}</p>
  <ul class="found">${found.filter((one) => said(one, "exam.area").length).map((one) => {
    const [area] = said(one, "exam.area");
    const [view, region] = area.split(" ");
    const percent = said(one, "exam.burn_percent")[0];
    return html`<li><button type="button" class="open-row" @click=${() => act.open("detail", { key: one.group })}><b>${regionText(region, said(one, "exam.side")[0] ?? "midline")}</b> ${view === "back" ? gettext("behind") : ""}
      <span>${said(one, "exam.finding").map((code) => label("exam_finding", code)).join(", ")}${percent ? ` · ${label("burn_depth", said(one, "exam.burn_depth")[0])} ${percent} %` : ""}</span></button></li>`;
  })}</ul>`;

function save({ view, region, side, findings, depth, part }, age, burns, mission, act) {
  const at = nowIso();
  const burn = findings.includes("burn") ? { "exam.burn_depth": depth, "exam.burn_percent": { value: String(burnt(region, view, part, age, burns)), unit: "%" } } : {};
  const rows = group({ "exam.region": examRegion(region), "exam.side": side, "exam.area": `${view} ${region}`, "exam.finding": findings[0], ...burn }, at);
  act.write(mission, [...rows, ...findings.slice(1).map((code) => entry("exam.finding", code, at, { group: rows[0].group }))]);
  act.open("body");
}
