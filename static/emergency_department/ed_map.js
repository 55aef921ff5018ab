// The small map: this hospital and who is on the way to it. It frames itself anew when somebody joins or leaves.

import { openMap } from "../shared/map.js";

const placed = (one) => [one.lon, one.lat];

export function createMap(element, own) {
  const map = openMap(element, { theme: "dark", controls: false });
  let framed = null;
  let shown = {};

  async function frame(hospital, units) {
    await map.ready;
    map.focus([placed(hospital), ...units.map((unit) => placed(unit.fix))], { maxZoom: 13 });
  }

  /** Only what changed is given to the map: each source that is set anew draws the whole map again. */
  function draw(state) {
    const { units, hospitals } = state.board.collections;
    const hospital = hospitals?.[own];
    if (shown.hospital !== hospital) map.show({ hospitals: hospital ? [hospital] : [], selection: { hospital: own } });
    if (shown.units !== units) map.show({ units: Object.values(units ?? {}) });
    shown = { units, hospital };
    const located = Object.values(units ?? {}).filter((unit) => unit.fix);
    const key = hospital && [own, ...located.map((unit) => unit.id).sort()].join();
    if (!key || key === framed) return;
    framed = key;
    frame(hospital, located);
  }

  return { draw };
}
