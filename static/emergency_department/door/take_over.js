// Three words of the receiver at once: level, wristband, signature. What was said before is not said again.

import { api, uuid } from "../../shared/api.js";

/** True when the patient is taken over; else the form stays with the server's sentence. */
export async function takeOver(handover, door, signed, act, store) {
  const { level, wristband = "", scanned = false } = store.state.receiving;
  const path = `/api/handovers/${handover.id}`;
  try {
    if (level && level !== door?.triage?.level) await api.post(`${path}/triage/`, { level });
    if (wristband.trim() && wristband.trim() !== door?.wristband?.code) await api.post(`${path}/wristband/`, { wristband: wristband.trim(), scanned });
    await api.post(`${path}/sign/`, { id: uuid(), ...signed });
    return true;
  } catch (error) {
    act.receiving({ fault: error.detail ?? gettext("Not sent.") });
    return false;
  }
}
