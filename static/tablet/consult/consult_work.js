// What runs behind the consult on the tablet: the call, its tones, the pictures that an expert draws on.

import { api, ApiError, orToast, uuid } from "../../shared/api.js";
import { testEcho } from "../../shared/consult/echo_test.js";
import { openCall } from "../../shared/consult/peer_call.js";
import { createRing } from "../../shared/consult/ring_tone.js";
import { readBackOf } from "../../shared/consult/thread_rules.js";
import { afterDrawing } from "../../shared/store.js";
import { me } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { consultNow, isOpen, isWaiting, ordersToDo, ownCall } from "./consult_rules.js";
import { createShownPicture } from "./shown_picture.js";

export function followConsult({ store, queue, missionOf, element, trackOf }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const ring = createRing();
  const picture = createShownPicture(element, { trackOf });
  let open = null; // {id, call}
  let asked = null;
  let stopEcho = () => {};
  const sounded = new Set();

  const post = (consult, step, body = {}) => orToast(api.post(`/api/consults/${consult.id}/${step}/`, body));
  const put = (job) => queue.put({ method: "post", ...job });

  const act = {
    /** Not queued: a call that rings an hour later is none. */
    async call(mission, wanted) {
      const reason = document.getElementById("consult-reason")?.value ?? "";
      await orToast(api.post(`/api/missions/${mission.id}/consults/`, { id: uuid(), reason, ...wanted }));
    },
    async ask(mission, wanted) {
      const consult = consultNow(store.state, mission);
      set({ panel: null });
      if (consult) await post(consult, "ask", wanted);
    },
    takeBack: (consult) => post(consult, "take-back"),
    end: (consult) => post(consult, "end"),
    mute: (value) => open?.call.mute(value),
    hold: (value) => open?.call.hold(value),
    camera: (value) => open?.call.camera(value),
    echo() {
      stopEcho();
      stopEcho = testEcho({
        onLevel: (level) => set({ consultEcho: { ...store.state.consultEcho, level } }),
        onStage: (stage) => set({ consultEcho: { stage, level: 0 } }),
      });
    },
    /** Facts and words of the crew go through the queue, like all that it writes. */
    say: (mission, consult, text) => put({ kind: "consult_message", missionId: mission.id, consultId: consult.id, path: `/api/consults/${consult.id}/messages/`, body: { id: uuid(), text, occurred_at: nowIso() } }),
    word: (mission, order, step, said = step === "read_back" ? readBackOf(order) : {}) => put({ kind: "order_word", missionId: mission.id, orderId: order.id, path: `/api/orders/${order.id}/words/`, body: { id: uuid(), step, occurred_at: nowIso(), said } }),
  };

  async function learn(mission) {
    asked = mission.id;
    const callable = await api.get(`/api/missions/${mission.id}/consults/`).catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      return null;
    });
    if (callable) set({ callable: { ...callable, missionId: mission.id } });
    else asked = null;
  }

  function followCall(consult, mission) {
    if (open && open.id !== consult?.id) {
      open.call.close();
      open = null;
      set({ consultCall: null });
    }
    if (!consult || open) return;
    open = { id: consult.id, call: openCall({ consultId: consult.id, missionId: mission.id, onChange: (consultCall) => set({ consultCall }) }) };
    set({ consultCall: open.call.state });
  }

  function follow(state) {
    if (state.lock) return; // the call goes on, and the picture is covered
    const mission = missionOf(state);
    const consult = consultNow(state, mission);
    followCall(ownCall(state, mission, me()), mission);
    ring(isWaiting(ownCall(state, mission, me())) ? "wait" : null);
    picture.follow(isOpen(consult) && consult.state === "talking" ? mission.id : null);
    const wanted = state.tab === "consult" || state.panel?.name === "consult";
    if (!wanted) asked = null;
    else if (mission && asked !== mission.id) learn(mission);
    for (const order of ordersToDo(state, mission)) {
      if (sounded.has(order.id)) continue;
      sounded.add(order.id);
      ring("ring");
      setTimeout(() => ring(null), 1500);
    }
  }

  store.subscribe(afterDrawing(() => follow(store.state)));

  /** For tests and for support: what the call hears and by which way. */
  globalThis.consultOnTablet = { stats: () => open?.call.stats() ?? null, canvas: picture.canvas };
  return act;
}
