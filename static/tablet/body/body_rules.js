// The body map: its regions, and how much of the surface is burnt. Pure. Percentages come from burns.toml.

// [region of the record, side of the patient]; upper and lower back are both the record's back.
export const REGIONS = {
  front: [["head", "midline"], ["chest", "midline"], ["abdomen", "midline"], ["pelvis", "midline"], ["arm", "right"], ["arm", "left"], ["hand", "right"], ["hand", "left"], ["leg", "right"], ["leg", "left"], ["foot", "right"], ["foot", "left"]],
  back: [["head", "midline"], ["upper_back", "midline"], ["lower_back", "midline"], ["arm", "left"], ["arm", "right"], ["hand", "left"], ["hand", "right"], ["leg", "left"], ["leg", "right"], ["foot", "left"], ["foot", "right"]],
};
export const PARTS = [["25", "¼"], ["50", "½"], ["75", "¾"], ["100", "1"]];
/** The element exam.region of a region of the map. */
export const examRegion = (region) => (region.endsWith("_back") ? "back" : region);

const at = (chart, name, age) => chart[name][Math.max(0, chart.ages.findLastIndex((from) => from <= age))];

/** Per cent of the surface of one region seen from one view, by age in years (null: an adult). */
export function surface(region, view, age, burns) {
  if (age === null || age >= burns.nines.from_years) return burns.nines.percent[region];
  const chart = burns.lund_browder;
  const halves = {
    head: () => (at(chart, "head", age) + chart.neck) / 2,
    chest: () => chart.trunk_front / 2,
    abdomen: () => chart.trunk_front / 2,
    pelvis: () => chart.genitals,
    upper_back: () => chart.trunk_back / 2,
    lower_back: () => chart.trunk_back / 2 + 2 * chart.buttock,
    arm: () => (chart.upper_arm + chart.lower_arm) / 2,
    hand: () => chart.hand / 2,
    leg: () => (at(chart, "thigh", age) + at(chart, "lower_leg", age)) / 2,
    foot: () => chart.foot / 2,
  };
  return halves[region]();
}

export const method = (age, burns) => (age === null || age >= burns.nines.from_years ? burns.nines.source : burns.lund_browder.source);

/** What of the region is burnt, in per cent of the whole surface, to a quarter of a per cent. */
export const burnt = (region, view, part, age, burns) => Math.round(surface(region, view, age, burns) * Number(part) * 0.04) / 4;

/** {percent, deep}: of the partial and full thickness burns that stand; reddened skin does not count. */
export function total(groups) {
  const said = (group, element) => group.values[element]?.[0]?.heads[0].value ?? "";
  const burns = groups.filter((group) => said(group, "exam.burn_percent") && said(group, "exam.burn_depth") !== "superficial");
  const sum = (rows) => rows.reduce((all, group) => all + Number(said(group, "exam.burn_percent")), 0);
  return { percent: Math.min(100, sum(burns)), deep: Math.min(100, sum(burns.filter((group) => said(group, "exam.burn_depth") === "full"))) };
}
