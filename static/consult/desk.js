// The desk of a remote physician (or of an ED that was called): queue, call, picture, patient, thread.

import { createSound } from "../emergency_department/chime.js";
import { api, ApiError, orToast, uuid } from "../shared/api.js";
import { openCall } from "../shared/consult/peer_call.js";
import { controlsView, echoView, facesView, isFull, notesView, partiesView } from "../shared/consult/call_view.js";
import { testEcho } from "../shared/consult/echo_test.js";
import { mountPicture } from "../shared/consult/live_picture.js";
import { threadOf } from "../shared/consult/thread_rules.js";
import { sayView, threadView } from "../shared/consult/thread_view.js";
import { openFeed } from "../shared/feed.js";
import { showLink } from "../shared/link.js";
import { mountMonitor } from "../shared/monitor.js";
import { list } from "../shared/reduce.js";
import { afterDrawing, createStore, mount } from "../shared/store.js";
import { label, me as person, nameOf, termsOf } from "../shared/terms.js";
import { nowIso } from "../shared/time.js";
import { loadReference } from "../tablet/reference.js";
import { html } from "/static/vendor/lit-html/lit-html.js";
import { caseHead, recordView } from "./case_view.js";
import { createDeskMap } from "./desk_map.js";
import { caseOf, initialState, ownConsult, queue, reduce, ringing, unheard } from "./desk_state.js";
import { orderForm } from "./order_form.js";
import { idleView, ringingView, rosterView, waitingView } from "./queue_view.js";

const HERE_MS = 5000;
const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const physician = desk.dataset.role === "remote_physician";
const me = { ...person(), hospitalId: physician ? null : desk.dataset.organisation };
const store = createStore(reduce, initialState);
const set = (values) => store.dispatch({ t: "set", values });
const sound = createSound(byId("sound"));
const post = (path, body = {}) => orToast(api.post(`/api/${path}`, body));
const step = (consult, name, body) => post(`consults/${consult.id}/${name}/`, body);

let open = null; // {consult, call, picture, monitor} while this person is in a consult
let stopEcho = () => {};

const act = {
  set,
  draft: (values) => store.dispatch({ t: "draft", values }),
  accept: (consult) => step(consult, "accept"),
  async decline(consult, reason) {
    await step(consult, "decline", { reason });
    set({ declining: null });
  },
  leave: () => open && step(open.consult, "leave"),
  mute: (value) => open?.call.mute(value),
  hold: (value) => open?.call.hold(value),
  camera: (value) => open?.call.camera(value),
  echo() {
    stopEcho();
    stopEcho = testEcho({
      onLevel: (level) => set({ echo: { ...store.state.echo, level } }),
      onStage: (stage) => set({ echo: { stage, level: 0 } }),
    });
  },
  async ask(specialty, transfer) {
    set({ asking: false });
    await step(open.consult, "ask", { specialty, transfer });
  },
  takeBack: () => step(open.consult, "take-back"),
  say: (text) => post(`consults/${open.consult.id}/messages/`, { id: uuid(), text, occurred_at: nowIso() }),
  async withdraw(order, reason) {
    await post(`orders/${order.id}/withdraw/`, { reason });
    set({ withdrawing: null });
  },
  async order(content, weighed) {
    const { kind } = store.state.draft;
    try {
      await api.post(`/api/consults/${open.consult.id}/orders/`, { id: uuid(), kind, content, weighed });
      set({ draft: { kind } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "needs_weighing") act.draft({ cautions: error.answer.cautions });
      else await orToast(Promise.reject(error));
    }
  },
};

/** The call, the picture and the monitor live as long as the consult, not as long as a drawing of the page. */
function follow(state) {
  const consult = ownConsult(state, me);
  if (open && open.consult.id !== consult?.id) {
    open.call.close();
    open.picture.close();
    open.monitor.unmount();
    open = null;
    set({ call: null, draft: { kind: "drug" }, asking: false });
  }
  desk.toggleAttribute("data-open", Boolean(consult));
  byId("case").hidden = byId("side").hidden = !consult;
  byId("idle").hidden = Boolean(consult);
  if (!consult) return;
  if (open) {
    open.consult = consult;
    open.monitor.showAlarms(caseOf(state, consult).alarms);
    map.draw(caseOf(state, consult));
    return;
  }
  const missionId = consult.mission_id;
  open = {
    consult,
    call: openCall({ consultId: consult.id, missionId, onChange: (call) => set({ call }) }),
    picture: mountPicture(byId("picture"), { missionId, me: me.id }),
    monitor: mountMonitor(byId("monitor"), { missionId, compact: true }),
  };
  set({ call: open.call.state });
}

const withConsult = (view) => (state) => {
  const consult = ownConsult(state, me);
  return consult ? view(state, consult) : "";
};

const mayWithdraw = (order) => (physician || order.ordered_by?.id === me.id) && ["ordered", "read_back"].includes(order.state);

const orderButtons = (state) => (order) => {
  if (!mayWithdraw(order)) return "";
  if (state.withdrawing !== order.id) return html`<button type="button" class="button small danger" data-order-act="withdraw" @click=${() => set({ withdrawing: order.id })}>${gettext("Withdraw…")}</button>`;
  const send = (event) => {
    event.preventDefault();
    act.withdraw(order, event.target.elements.reason.value.trim());
  };
  return html`<form class="withdrawing" @submit=${send}><label>${gettext("Why is it withdrawn?")} <input name="reason" required maxlength="200" pattern=".*\\S.*" autofocus></label>
    <button type="submit" class="button small danger">${gettext("Withdraw")}</button>
    <button type="button" class="button small quiet" @click=${() => set({ withdrawing: null })}>${gettext("Keep it")}</button></form>`;
};

function askView(state, consult) {
  const asked = consult.requests[0];
  if (asked) return html`<p class="notice warn">${gettext("Asking for:")} ${asked.specialty ? label("specialty", asked.specialty) : nameOf(asked.hospital)} <time data-age=${asked.asked_at}></time> <button type="button" class="button small" data-act="take-back" @click=${act.takeBack}>${gettext("Stop asking")}</button></p>`;
  if (!state.asking) return html`<div class="buttons"><button type="button" class="button small" data-act="ask" ?disabled=${isFull(consult)} @click=${() => set({ asking: "join" })}>${gettext("Add a physician…")}</button>
    <button type="button" class="button small" data-act="transfer" @click=${() => set({ asking: "transfer" })}>${gettext("Hand the call on…")}</button></div>`;
  const transfer = state.asking === "transfer";
  return html`<div class="asking"><p>${transfer ? gettext("To whom? You leave when somebody has answered.") : gettext("Whom?")}</p>
    <div class="buttons">${termsOf("specialty").map(([code, text]) => html`<button type="button" class="button small" data-ask=${code} @click=${() => act.ask(code, transfer)}>${text}</button>`)}
    <button type="button" class="button small quiet" @click=${() => set({ asking: false })}>${gettext("Cancel")}</button></div></div>`;
}

mount(store, byId("queue"), (state) => {
  const own = ownConsult(state, me);
  const [rings, waits] = [own ? ringing(state, me) : [], physician ? queue(state, me) : []];
  return html`${rings.map((one) => ringingView(one, state, act))}
    ${physician ? html`<section class="panel"><header class="panel-head"><h2>${gettext("Calls waiting")}</h2><span class="count ${waits.length ? "bad" : ""}">${waits.length}</span></header>
      <ol class="panel-body waiting-list">${waits.map((one) => waitingView(one, Boolean(own), act))}${waits.length ? "" : html`<li class="empty">${gettext("No call is waiting.")}</li>`}</ol></section>
      <section class="panel"><header class="panel-head"><h2>${gettext("On call now")}</h2></header><div class="panel-body">${rosterView(state.physicians)}</div></section>` : ""}
    <section class="panel padded-panel">${echoView(state.echo, act)}</section>`;
});
mount(store, byId("idle"), (state) => (ownConsult(state, me) ? "" : idleView(ringing(state, me), state, act)));
mount(store, byId("presence"), (state) => (physician ? html`<button type="button" class="button small" data-act="available" aria-pressed=${state.available} @click=${() => { set({ available: !state.available }); here(); }}>${state.available ? gettext("Taking calls") : gettext("Away: no calls")}</button>` : ""));
mount(store, byId("case-head"), withConsult((state, consult) => caseHead(caseOf(state, consult))));
mount(store, byId("call"), withConsult((state, consult) => html`${partiesView(consult, state.call, me.id)}${facesView(state.call)}${controlsView(state.call, act)}${notesView(state.call)}${askView(state, consult)}`));
mount(store, byId("record"), withConsult((state, consult) => recordView(caseOf(state, consult), state.reference)));
mount(store, byId("thread"), withConsult((state, consult) => threadView(threadOf(list(state.board, "messages"), list(state.board, "orders"), consult.id), { meId: me.id, buttons: orderButtons(state) })));
mount(store, byId("say"), withConsult(() => sayView(act.say)));
mount(store, byId("order"), withConsult((state, consult) => orderForm(state, caseOf(state, consult), act)));

/** The newest word is in sight. */
let length = 0;
store.subscribe(afterDrawing(() => {
  const thread = byId("thread");
  if (thread.scrollHeight !== length) thread.scrollTop = length = thread.scrollHeight;
}));

function answerNew(state) {
  const fresh = unheard(state, me);
  if (!fresh.length) return;
  store.dispatch({ t: "heard", ids: fresh });
  sound.chime();
}

async function here() {
  if (!physician) return;
  const answer = await api.post("/api/consults/here/", { available: store.state.available }).catch(() => null);
  if (answer) set({ physicians: answer.physicians });
}

const map = createDeskMap(byId("map"));
store.subscribe(afterDrawing(() => follow(store.state)));
store.subscribe(afterDrawing(() => answerNew(store.state)));
loadReference(store);
here();
setInterval(here, HERE_MS);
openFeed({ path: "/live/consult/", onMessage: store.dispatch, onLink: showLink, since: () => store.state.board.cursor });

/** For tests and for support: what the call hears and by which way. */
globalThis.consultDesk = { stats: () => open?.call.stats() ?? null, picture: () => open?.picture ?? null };
