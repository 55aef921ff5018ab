// Coverage on the console: asked for while it is shown, drawn under everything else; the answers to proposals.

import { api, orToast, uuid } from "../shared/api.js";
import { list } from "../shared/reduce.js";
import { coverageFeatures } from "./coverage_rules.js";

const AGAIN_MS = 10_000;
const colour = (level) => getComputedStyle(document.documentElement).getPropertyValue(`--cover-${level}`).trim();

export function createCoverage({ store, map }) {
  const set = (values) => store.dispatch({ t: "set", values });
  let timer = null;
  let drawn = null;

  async function ask() {
    const coverage = await api.get("/api/coverage/").catch((error) => error);
    if (!store.state.coverageShown) return;
    // A failed question leaves the old answer, whose age is shown and grows.
    if (!(coverage instanceof Error)) set({ coverage });
    else if (!store.state.coverage) {
      toggle();
      orToast(Promise.reject(coverage));
    }
  }

  function toggle() {
    const shown = !store.state.coverageShown;
    clearInterval(timer);
    set({ coverageShown: shown, ...(shown ? {} : { coverage: null }) });
    if (!shown) return;
    ask();
    timer = setInterval(ask, AGAIN_MS);
  }

  function draw({ coverage }) {
    if (coverage === drawn) return;
    drawn = coverage;
    map.coverage(coverageFeatures(coverage?.zones ?? [], colour));
  }

  const first = () => list(store.state.board, "move_ups")[0];
  const acceptMove = (move = first()) => (move ? orToast(api.post(`/api/move-ups/${move.id}/accept/`, { id: uuid() })) : undefined);
  const askMove = (move = first()) => (move ? set({ ask: { kind: "move", moveId: move.id, callSign: move.call_sign } }) : undefined);

  function refuseMove(ask_, reason) {
    set({ ask: null });
    return orToast(api.post(`/api/move-ups/${ask_.moveId}/refuse/`, { reason }));
  }

  const endPosting = (mission) => orToast(api.post(`/api/missions/${mission.id}/cancel/`, { id: uuid(), reason: "moved_on" }));

  store.subscribe(draw);
  return { toggleCoverage: toggle, acceptMove, askMove, refuseMove, endPosting };
}
