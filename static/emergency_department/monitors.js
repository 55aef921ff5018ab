// One live monitor a card, mounted when the card appears and stopped when it goes.

import { mountMonitor } from "../shared/monitor.js";

export function createMonitors() {
  const callbacks = new Map();
  const mounted = new Map();

  function follow(missionId, element) {
    mounted.get(missionId)?.unmount();
    mounted.delete(missionId);
    if (element) mounted.set(missionId, mountMonitor(element, { missionId, compact: true }));
    else callbacks.delete(missionId);
  }

  /** The same function for the same mission every time: a new one would restart the monitor at each render. */
  return function monitorOf(missionId) {
    if (!callbacks.has(missionId)) callbacks.set(missionId, (element) => follow(missionId, element));
    return callbacks.get(missionId);
  };
}
