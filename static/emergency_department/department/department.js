// The department's own page: bays, who comes and who waits at the door, and what the hospital says of itself.

import { api, orToast } from "../../shared/api.js";
import { openFeed } from "../../shared/feed.js";
import { showLink } from "../../shared/link.js";
import { createStore, mount } from "../../shared/store.js";
import { initialState, reduce } from "../ed_state.js";
import { baysView } from "./bays_view.js";
import { comingView } from "./coming_view.js";
import { saidView } from "./said_view.js";

const byId = (id) => document.getElementById(id);
const own = byId("department").dataset.hospital;
const store = createStore(reduce, { ...initialState, naming: null, surging: false });

const set = (values) => store.dispatch({ t: "set", values });
const hospital = (id, path, body) => orToast(api.post(`/api/hospitals/${id}/${path}/`, body));
const act = {
  set,
  declare: (one, free) => hospital(one.id, "beds", { free }),
  divert: async (one, reason, minutes) => {
    set({ diverting: false });
    await hospital(one.id, "divert", { reason, minutes });
  },
  takePatients: (one) => hospital(one.id, "open"),
  capabilities: (one, capabilities) => hospital(one.id, "capabilities", { capabilities }),
  surge: async (one, body) => {
    set({ surging: false });
    await hospital(one.id, "surge", body);
  },
  endSurge: (one) => hospital(one.id, "surge/end"),
  bay: (bay, path, body) => orToast(api.post(`/api/bays/${bay.id}/${path}/`, body)),
  nameBays: async (bays) => {
    const done = await orToast(api.post("/api/department/bays/", { bays }).then(() => true));
    if (done) set({ naming: null });
  },
  setUp: (scale, offload_target_s) => orToast(api.post("/api/department/", { scale, offload_target_s })),
};

mount(store, byId("bays"), (state) => baysView(state, own, act));
mount(store, byId("coming"), (state) => comingView(state, own, act));
mount(store, byId("said"), (state) => saidView(state, own, act));
openFeed({ path: "/live/ed/", onMessage: store.dispatch, onLink: showLink, since: () => store.state.board.cursor });
