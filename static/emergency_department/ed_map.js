// The small map: this hospital, circles of distance round it, and who is on the way to it. It frames itself anew
// when somebody joins or leaves.

import { openMap } from "../shared/map.js";

const RINGS_KM = [1, 3, 5, 10];
const EARTH_KM = 6371;
const CORNERS = 48;

/** Circles round the hospital, so that far and near are seen at once: as the crow flies, the roads are longer. */
const rings = ({ id, lon, lat }) =>
  RINGS_KM.map((km) => {
    const up = (km / EARTH_KM) * (180 / Math.PI);
    const along = up / Math.cos((lat * Math.PI) / 180);
    const ring = Array.from({ length: CORNERS }, (_, at) => {
      const turn = (at / CORNERS) * 2 * Math.PI;
      return [lon + along * Math.cos(turn), lat + up * Math.sin(turn)];
    });
    return { id: `${id}-${km}`, ring, name: interpolate(gettext("%(km)s km"), { km }, true), kind: "distance" };
  });

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
    if (shown.hospital !== hospital) map.show({ hospitals: hospital ? [hospital] : [], selection: { hospital: own }, zones: hospital ? rings(hospital) : [] });
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
