// The thread of a consult: what was said and ordered, in one line of time. Pure.

export const OPEN_STATES = ["ordered", "read_back"];

/** [{kind: 'message' | 'order', at, …}] of one consult, oldest first. Its own waiting jobs are laid over. */
export function threadOf(messages, orders, consultId) {
  const rows = [
    ...messages.filter((one) => one.consult_id === consultId).map((one) => ({ ...one, row: "message", at: one.occurred_at })),
    ...orders.filter((one) => one.consult_id === consultId).map((one) => ({ ...one, row: "order", at: one.ordered_at })),
  ];
  return rows.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const STATE_AFTER = { read_back: "read_back", give: "recorded", refuse: "refused" };

/** The order as it will be once the crew's waiting words are stored. jobs: {kind: 'order_word', orderId, body}. */
export function withWords(order, jobs) {
  const waiting = jobs.filter((job) => job.kind === "order_word" && job.orderId === order.id && !job.refused && !order.words.some((word) => word.id === job.body.id));
  if (!waiting.length) return order;
  return { ...order, state: STATE_AFTER[waiting.at(-1).body.step], waiting: true };
}

export const messagesWithWaiting = (messages, jobs, consultId, author) => [
  ...messages,
  ...jobs
    .filter((job) => job.kind === "consult_message" && job.consultId === consultId && !job.refused && !messages.some((one) => one.id === job.body.id))
    .map((job) => ({ ...job.body, consult_id: consultId, author, author_id: author.id, waiting: true })),
];

/** The orders that ask the crew for something, oldest first. */
export const openOrders = (orders) => orders.filter((one) => OPEN_STATES.includes(one.state)).sort((a, b) => Date.parse(a.ordered_at) - Date.parse(b.ordered_at));

/** What the crew reads back: exactly what its screen shows. */
export const readBackOf = ({ kind, content }) =>
  kind === "drug" ? { drug: content.drug, dose: content.dose, unit: content.unit, route: content.route } : kind === "procedure" ? { procedure: content.procedure } : { text: content.text };
