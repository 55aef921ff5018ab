// Orders for a patient who is still on the way: prepared by name, released at the door or before.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { uuid } from "../shared/api.js";
import { nameOf } from "../shared/terms.js";

const KINDS = {
  blood: { name: () => gettext("Blood"), usual: () => [gettext("Red cells, 2 units, cross-matched"), gettext("Emergency red cells, 2 units, uncrossed"), gettext("Massive transfusion")] },
  imaging: { name: () => gettext("Imaging"), usual: () => [gettext("CT head and vessels"), gettext("CT whole body"), gettext("CT chest"), gettext("Ultrasound at the bedside")] },
  theatre: { name: () => gettext("Operating theatre"), usual: () => [gettext("Cath lab"), gettext("Trauma theatre"), gettext("Caesarean section")] },
  laboratory: { name: () => gettext("Laboratory"), usual: () => [gettext("Blood gas and lactate"), gettext("Troponin"), gettext("Clotting and blood count"), gettext("Blood group")] },
};
const CHIPS = { prepared: "warn", released: "ok", withdrawn: "" };
const STATES = {
  prepared: () => gettext("prepared"),
  released: () => gettext("released"),
  withdrawn: () => gettext("withdrawn"),
};

function orderRow(order, handover, act) {
  const open = !["handed_over", "redirected", "cancelled"].includes(handover.state);
  return html`<li data-order=${order.state} class=${order.state === "withdrawn" ? "withdrawn-order" : ""}>
    <span class="chip ${CHIPS[order.state]}">${STATES[order.state]()}</span>
    <span class="order-what">${order.stat ? html`<b class="stat">${gettext("STAT")}</b> ` : ""}<b>${KINDS[order.kind].name()}</b> ${order.what}</span>
    <span class="faint small">${nameOf(order.withdrawn_by ?? order.released_by ?? order.prepared_by)} <time data-at=${order.withdrawn_at ?? order.released_at ?? order.prepared_at}></time></span>
    ${open && order.state === "prepared" ? html`<button type="button" class="button small" data-act="release-order" @click=${() => act.order(`/api/orders/${order.id}/release/`)}>${gettext("Release now")}</button>` : ""}
    ${open && order.state !== "withdrawn" ? html`<button type="button" class="button small" data-act="withdraw-order" @click=${() => act.order(`/api/orders/${order.id}/withdraw/`)}>${gettext("Withdraw")}</button>` : ""}
  </li>`;
}

function orderForm(handover, state, act) {
  const kind = state.orderKind ?? "blood";
  const save = async (event) => {
    event.preventDefault();
    const { what, stat } = event.target.elements;
    const body = { id: uuid(), kind, what: what.value.trim(), stat: stat.checked };
    const stored = await act.order(`/api/handovers/${handover.id}/orders/`, body);
    if (stored) act.set({ ordering: null });
  };
  return html`<form class="answer order-form" @submit=${save}>
    <span class="picks" role="radiogroup" aria-label=${gettext("Kind of order")}>${Object.entries(KINDS).map(([code, one]) => html`<label class="pick"><input type="radio" name="kind" value=${code} .checked=${code === kind} @change=${() => act.set({ orderKind: code })}><span>${one.name()}</span></label>`)}</span>
    <input class="input" name="what" required maxlength="120" list="usual-${handover.id}" autocomplete="off" placeholder=${gettext("What is ordered")} aria-label=${gettext("What is ordered")}>
    <datalist id="usual-${handover.id}">${KINDS[kind].usual().map((one) => html`<option value=${one}></option>`)}</datalist>
    <label class="order-stat"><input type="checkbox" name="stat"> ${gettext("STAT")}</label>
    <button type="submit" class="button primary" data-act="save-order">${gettext("Prepare")}</button>
    <button type="button" class="button" @click=${() => act.set({ ordering: null })}>${gettext("Back")}</button>
  </form>`;
}

/** What was prepared, and the way to prepare more; released by the arrival, or by a person before. */
export function ordersView(handover, state, act) {
  const orders = handover.orders ?? [];
  const closed = ["handed_over", "redirected", "cancelled"].includes(handover.state);
  if (closed && !orders.length) return "";
  return html`<section class="orders" aria-label=${gettext("Orders")}>
    ${orders.length ? html`<ul>${orders.map((order) => orderRow(order, handover, act))}</ul>` : ""}
    ${state.ordering === handover.id ? orderForm(handover, state, act) : closed ? "" : html`<button type="button" class="button small" data-act="order" @click=${() => act.set({ ordering: handover.id })}>${gettext("Prepare an order")}</button>`}
  </section>`;
}
