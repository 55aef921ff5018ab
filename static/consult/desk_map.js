// The small map of the desk: the ambulance, the scene until it was left, the hospital.

import { openMap } from "../shared/map.js";

export function createDeskMap(element) {
  let map = null;
  let framed = null;
  let shown = {};

  function draw({ consult, unit, incident, hospital, mission }) {
    map ??= openMap(element, { theme: "dark", controls: false });
    const next = { unit, incident: mission?.times.on_board ? null : incident, hospital };
    if (next.unit !== shown.unit) map.show({ units: next.unit ? [next.unit] : [] });
    if (next.incident !== shown.incident || next.hospital !== shown.hospital) map.show({ incidents: next.incident ? [next.incident] : [], hospitals: next.hospital ? [next.hospital] : [], selection: { hospital: next.hospital?.id } });
    shown = next;
    const key = [consult.id, next.incident?.id, next.hospital?.id, Boolean(unit?.fix)].join();
    if (key === framed) return;
    framed = key;
    const points = [unit?.fix, next.incident, next.hospital].filter(Boolean).map((one) => [one.lon, one.lat]);
    map.ready.then(() => points.length && map.focus(points, { maxZoom: 14 }));
  }

  return { draw };
}
