// Transfers between hospitals: what was asked, by whom it was answered, and how far the drive is.

import { api, orToast, uuid } from "../../shared/api.js";
import { openFeed } from "../../shared/feed.js";
import { instantOf } from "../../shared/centre_time.js";
import { showLink } from "../../shared/link.js";
import { createStore, mount } from "../../shared/store.js";
import { centreZone, nowIso } from "../../shared/time.js";
import { initialState, reduce } from "../ed_state.js";
import { askView, listView } from "./transfers_view.js";

const byId = (id) => document.getElementById(id);
const own = byId("transfers").dataset.hospital;
const store = createStore(reduce, { ...initialState, details: {}, declining: null, fault: "", asked: 0 });
const set = (values) => store.dispatch({ t: "set", values });

const act = {
  set,
  step: async (transfer, step, body = {}) => {
    set({ declining: null });
    await orToast(api.post(`/api/transfers/${transfer.id}/${step}/`, body));
  },
  look: async (transfer) => {
    const found = await orToast(api.get(`/api/transfers/${transfer.id}/`));
    if (found) set({ details: { ...store.state.details, [transfer.id]: found } });
  },
  ask: async (form) => {
    const said = new FormData(form);
    const text = (name) => String(said.get(name) ?? "").trim();
    const body = {
      id: uuid(),
      receiver_id: text("receiver_id"),
      name: text("name"),
      sex: text("sex"),
      age_years: text("age_years") === "" ? null : Number(text("age_years")),
      diagnosis: text("diagnosis"),
      condition: text("condition"),
      ward: text("ward"),
      reason: text("reason"),
      urgency: text("urgency"),
      needs: said.getAll("needs"),
      escorts: said.getAll("escorts"),
      consent: text("consent"),
      consent_name: text("consent_name"),
      consent_at: instantOf(text("consent_at"), centreZone()) ?? nowIso(),
    };
    try {
      await api.post("/api/transfers/", body);
      form.reset();
      set({ fault: "", asked: store.state.asked + 1 });
    } catch (error) {
      set({ fault: error.detail ?? gettext("Not sent.") });
    }
  },
};

mount(store, byId("list"), (state) => listView(state, own, act));
mount(store, byId("ask"), (state) => askView(state, own, act));
openFeed({ path: "/live/ed/", onMessage: store.dispatch, onLink: showLink, since: () => store.state.board.cursor });
