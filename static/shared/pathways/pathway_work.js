// What the desk and the hospital do with pathways; the tablet has its queue for the same.

import { api, orToast, uuid } from "../api.js";
import { nowIso } from "../time.js";

const AGAIN_MS = 30_000;

/** set(catalogue) once it is here; without it codes are shown, and it is asked for again. */
export async function loadPathways(set) {
  try {
    set(await api.get("/api/pathways/"));
  } catch {
    setTimeout(() => loadPathways(set), AGAIN_MS);
  }
}

const of = (missionId, kind, what) => `/api/missions/${missionId}/pathways/${kind}/${what}/`;

export const pathwayWork = () => ({
  open: (missionId, kind) => orToast(api.post(of(missionId, kind, "open"), { id: uuid() })),
  tick: (pathway, item, answer) => orToast(api.post(of(pathway.mission_id, pathway.kind, "tick"), { id: uuid(), item, answer, occurred_at: nowIso() })),
  direct: (pathway, to) => orToast(api.post(of(pathway.mission_id, pathway.kind, "direct"), { to })),
  callTeam: (pathway, team) => orToast(api.post(of(pathway.mission_id, pathway.kind, "team"), { team })),
  end: (pathway, reason, discard) => orToast(api.post(of(pathway.mission_id, pathway.kind, "end"), { reason, discard })),
  acceptTeam: (team) => orToast(api.post(`/api/teams/${team.id}/accept/`)),
  standDown: (team) => orToast(api.post(`/api/teams/${team.id}/stand-down/`)),
});
