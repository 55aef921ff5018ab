// The thread: words and orders in one line of time. Who looks decides which buttons an order has.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { repeat } from "/static/vendor/lit-html/directives/repeat.js";
import { label, nameOf } from "../terms.js";

/** 'Aspirin 300 mg oral', 'Chest compressions', or the words. */
export function orderText({ kind, content }) {
  if (kind === "drug") return [label("drug", content.drug), content.dose, label("unit", content.unit), label("route", content.route)].filter(Boolean).join(" ");
  return kind === "procedure" ? label("treatment", content.procedure) : content.text;
}

const STEPS = {
  read_back: () => gettext("Read back"),
  give: () => gettext("Given"),
  refuse: () => gettext("Not done"),
  withdraw: () => gettext("Withdrawn"),
};

const wordView = (word) => html`<li class="order-word" data-step=${word.step}>
  <span>${STEPS[word.step]?.() ?? word.step}</span> <time data-at=${word.occurred_at}></time> <small>${nameOf(word.by)}${word.said.dose ? ` · ${word.said.dose} ${label("unit", word.said.unit ?? "")}` : ""}${word.said.reason ? ` · ${label("order_refusal", word.said.reason)}` : ""}</small>
  ${word.flags.map((flag) => html`<span class="chip bad">⚠ ${label("order_flag", flag)}</span>`)}
</li>`;

/** buttons(order) → what can be done with it here. */
export const orderView = (order, buttons) => html`<article class="order-row" data-order=${order.id} data-state=${order.state} ?data-waiting=${order.waiting}>
  <header><b>${orderText(order)}</b> <span class="chip" data-state=${order.state}>${label("order_state", order.state)}${order.waiting ? ` · ${gettext("to be sent")}` : ""}</span></header>
  ${order.content.use ? html`<small>${label("drug_use", `${order.content.drug}.${order.content.use}`)}</small>` : ""}
  ${order.content.note ? html`<p>${order.content.note}</p>` : ""}
  <small><time data-at=${order.ordered_at}></time> ${nameOf(order.ordered_by)}</small>
  ${order.cautions.length ? html`<p class="order-cautions">⚠ ${gettext("Weighed:")} ${order.cautions.map((code) => label("order_caution", code)).join("; ")}</p>` : ""}
  <ol class="order-words">${order.words.map(wordView)}</ol>
  ${buttons(order)}
</article>`;

const messageView = (message, meId) => html`<article class="message" ?data-mine=${message.author_id === meId}>
  <small>${nameOf(message.author)} <time data-at=${message.occurred_at}></time>${message.waiting ? ` · ${gettext("to be sent")}` : ""}</small><p>${message.text}</p>
</article>`;

export const threadView = (rows, { meId, buttons }) => html`<div class="thread" role="log" aria-label=${gettext("Thread")}>
  ${rows.length ? repeat(rows, (row) => row.id, (row) => (row.row === "order" ? orderView(row, buttons) : messageView(row, meId))) : html`<p class="empty">${gettext("Nothing said or ordered yet.")}</p>`}
</div>`;

export function sayView(send) {
  const submit = (event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    send(text);
  };
  return html`<form class="say" @submit=${submit}>
    <input class="input" name="text" maxlength="1000" autocomplete="off" placeholder=${gettext("Write a message…")} aria-label=${gettext("Message")}>
    <button type="submit" class="button">${gettext("Send message")}</button>
  </form>`;
}
