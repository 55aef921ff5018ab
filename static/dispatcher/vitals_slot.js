// Hands an element to the vital-signs monitor when it appears, and takes it back when it goes.

const slots = new Map();

function open(missionId) {
  let monitor = null;
  let wanted = null;
  return async (element) => {
    wanted = element ?? null;
    if (!element) {
      monitor?.unmount();
      monitor = null;
      slots.delete(missionId);
      return;
    }
    const { mountMonitor } = await import("/static/shared/monitor.js");
    // The panel may have closed while the module was loading.
    if (wanted === element && !monitor) monitor = mountMonitor(element, { missionId, compact: true });
  };
}

/** A stable callback for lit's ref(): one a mission. */
export function vitalsSlot(missionId) {
  if (!slots.has(missionId)) slots.set(missionId, open(missionId));
  return slots.get(missionId);
}
