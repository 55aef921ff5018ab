// One live monitor a card, mounted when the card appears and stopped when it goes.

import { mountMonitor } from "../shared/monitor.js";

/** onAcknowledge(alarm) when somebody here has seen one. */
export function createMonitors(onAcknowledge) {
  const callbacks = new Map();
  const mounted = new Map();

  function follow(missionId, element) {
    mounted.get(missionId)?.unmount();
    mounted.delete(missionId);
    if (element) mounted.set(missionId, mountMonitor(element, { missionId, compact: true, onAcknowledge }));
    else callbacks.delete(missionId);
  }

  /** The same function for the same mission every time: a new one would restart the monitor at each render. */
  function monitorOf(missionId) {
    if (!callbacks.has(missionId)) callbacks.set(missionId, (element) => follow(missionId, element));
    return callbacks.get(missionId);
  }

  /** Hands every monitor the alarms of its mission. */
  function showAlarms(alarms) {
    for (const [missionId, monitor] of mounted) monitor.showAlarms(alarms.filter((alarm) => alarm.mission_id === missionId));
  }

  return { monitorOf, showAlarms };
}
