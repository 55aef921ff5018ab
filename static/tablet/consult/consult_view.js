// The consult on the tablet: whom to call, the call, the thread. One tap for each step of an order.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { controlsView, echoView, facesView, isFull, notesView, partiesView } from "../../shared/consult/call_view.js";
import { orderText, sayView, threadView } from "../../shared/consult/thread_view.js";
import { label, me, nameOf, termsOf } from "../../shared/terms.js";
import { keysView } from "../keys_view.js";
import { panel } from "../panels/frame.js";
import { consultNow, isOpen, ordersToDo, ownCall, threadNow } from "./consult_rules.js";

export function consultView(state, mission, act) {
  const consult = consultNow(state, mission);
  const open = isOpen(consult);
  return html`<div class="consult">
    ${open ? talkView(state, mission, consult, act) : callView(state, mission, act)}
    ${consult ? html`<h2>${gettext("Thread")}</h2>${threadView(threadNow(state, mission, me()), { meId: me().id, buttons: (order) => buttonsView(order, mission, act) })}
      ${sayView((text) => act.consult.say(mission, consult, text))}` : ""}
  </div>`;
}

function talkView(state, mission, consult, act) {
  const own = ownCall(state, mission, me());
  const call = own ? state.consultCall : null;
  return html`<p class="consult-state" data-consult-state=${consult.state}><b>${label("consult_state", consult.state)}</b> <time data-age=${consult.opened_at}></time></p>
    ${partiesView(consult, call, me().id)}${facesView(call)}
    ${own ? controlsView(call, { ...act.consult, leave: () => act.consult.end(consult) }, { crew: true }) : html`<p class="notice">${gettext("Your colleague’s tablet carries this call.")}</p><button type="button" class="button danger" data-call="leave" @click=${() => act.consult.end(consult)}>${gettext("End the consult")}</button>`}
    ${notesView(call)}
    ${own && consult.state === "talking" && !consult.requests.length && !isFull(consult) ? html`<button type="button" class="button" data-act="add-party" @click=${() => act.open("consult", { join: true })}>${gettext("Add somebody…")}</button>` : ""}
    ${consult.requests.length && consult.state === "talking" ? html`<button type="button" class="button" data-act="take-back" @click=${() => act.consult.takeBack(consult)}>${gettext("Stop asking")}</button>` : ""}`;
}

const deskText = (one) => (one.busy ? gettext("in a call") : !one.present ? gettext("not at the desk") : one.available ? gettext("ready") : gettext("away"));

/** Who would answer: the ready ones by name, else who is on call and why not. */
const peopleText = (people, ready) => (ready.length ? ready.slice(0, 2).map((one) => nameOf(one)).join(", ") : people.length ? people.slice(0, 2).map((one) => `${nameOf(one)}: ${deskText(one)}`).join(" · ") : gettext("nobody on call: the call waits"));

/** Whom one can call: the hospital, then the specialties with who answers for them now. */
function callView(state, mission, act, join = false) {
  const found = state.callable?.missionId === mission.id ? state.callable : null;
  const on = (code) => (found?.physicians ?? []).filter((one) => code === "any" || one.specialties.includes(code));
  const call = (wanted) => (join ? act.consult.ask(mission, wanted) : act.consult.call(mission, wanted));
  const button = (code, text) => {
    const people = on(code);
    const ready = people.filter((one) => one.present && one.available && !one.busy);
    return html`<button type="button" class="tile call-tile" data-call-specialty=${code} @click=${() => call({ specialty: code })}><b>${text}</b>
      <small>${found ? peopleText(people, ready) : ""}</small>${ready.length ? html`<span class="chip ok">${gettext("ready")}</span>` : ""}</button>`;
  };
  return html`${join ? "" : html`<label class="field"><span class="label">${gettext("Why do you call? (optional)")}</span><input class="input" id="consult-reason" maxlength="200" autocomplete="off"></label>`}
    <div class="grid">
      ${found?.hospital ? html`<button type="button" class="tile call-tile" data-call-hospital=${found.hospital.id} @click=${() => call({ hospital_id: found.hospital.id })}><b>${nameOf(found.hospital)}</b><small>${gettext("Emergency department")}</small></button>` : ""}
      ${termsOf("specialty").map(([code, text]) => button(code, text))}
    </div>
    ${found ? "" : html`<p class="faint">${gettext("Asking who is on call…")}</p>`}
    ${join ? "" : echoView(state.consultEcho, act.consult)}`;
}

export const joinPanel = (state, mission, act) => panel("consult", gettext("Add somebody to the call"), callView(state, mission, act, true), act);

/** What the crew can say of an order. */
function buttonsView(order, mission, act) {
  if (!["ordered", "read_back"].includes(order.state)) return "";
  const word = (step, said) => act.consult.word(mission, order, step, said);
  return html`<div class="order-buttons">
    ${order.state === "ordered" ? html`<button type="button" class="button primary" data-order-act="read_back" @click=${() => word("read_back")}>${gettext("Read back")}</button>` : html`<button type="button" class="button primary" data-order-act="give" @click=${() => word("give")}>${gettext("Given now")}</button>`}
    ${order.state === "read_back" && order.kind === "drug" ? html`<button type="button" class="button" data-order-act="other" @click=${() => act.open("order", { orderId: order.id })}>${gettext("Another dose…")}</button>` : ""}
    <button type="button" class="button" data-order-act="refuse" @click=${() => act.open("order", { orderId: order.id, refusing: true })}>${gettext("Not done…")}</button>
  </div>`;
}

/** panel: {name: "order", orderId, refusing, typed}. */
export function orderPanel(state, mission, act) {
  const order = ordersToDo(state, mission).find((one) => one.id === state.panel.orderId);
  if (!order) return panel("order", gettext("Order"), html`<p class="empty">${gettext("This order was answered.")}</p>`, act);
  const word = (step, said) => {
    act.consult.word(mission, order, step, said);
    act.close();
  };
  const { typed = "", refusing } = state.panel;
  const body = refusing
    ? html`<p>${gettext("Why was it not done?")}</p><div class="grid">${termsOf("order_refusal").map(([code, text]) => html`<button type="button" class="tile" data-refusal=${code} @click=${() => word("refuse", { reason: code })}>${text}</button>`)}</div>`
    : html`<p>${gettext("How much was given?")}</p><output class="dose-value">${typed || "—"} <small>${label("unit", order.content.unit)}</small></output>${keysView(typed, (next) => act.change({ typed: next }))}
      <button type="button" class="button primary next" id="save-order" ?disabled=${!typed} @click=${() => word("give", { dose: typed, unit: order.content.unit, route: order.content.route })}>${gettext("Given now")}</button>`;
  return panel("order", orderText(order), body, act);
}

/** Over every tab: a call that runs, and the order that asks for an answer. */
export function bannerView(state, mission, act) {
  if (!mission || state.lock) return "";
  const consult = consultNow(state, mission);
  const [order, ...more] = ordersToDo(state, mission);
  const look = () => act.set({ tab: "consult", panel: null });
  const who = consult?.parties.filter((party) => party.side !== "crew" && ["connected", "ringing"].includes(party.state)).map((party) => nameOf(party.user) || nameOf(party.hospital)).join(", ");
  const open = isOpen(consult) && (state.tab !== "consult" || state.panel); // the tab itself says all that the bar says
  return html`${open ? html`<button type="button" class="consult-bar" data-consult-state=${consult.state} @click=${look}><b>${label("consult_state", consult.state)}</b> ${who || gettext("waiting for somebody who is free")} <time data-age=${consult.opened_at}></time></button>` : ""}
    ${order ? html`<section class="order-bar" role="alert" data-order-bar=${order.id}><p><b>${gettext("ORDER")}</b> ${orderText(order)}${order.content.note ? ` · ${order.content.note}` : ""} <small>${nameOf(order.ordered_by)}${more.length ? ` · +${more.length}` : ""}</small></p>
      <p class="say-aloud">${order.state === "ordered" ? gettext("Say it aloud, then tap:") : ""}</p>${buttonsView(order, mission, act)}</section>` : ""}`;
}
