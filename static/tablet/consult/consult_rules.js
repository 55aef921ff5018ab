// The consult as the tablet's state has it. Pure.

import { consultOf, partyOf } from "../../shared/consult/call_rules.js";
import { messagesWithWaiting, openOrders, threadOf, withWords } from "../../shared/consult/thread_rules.js";
import { list } from "../../shared/reduce.js";

export const consultNow = (state, mission) => (mission ? consultOf(list(state.board, "consults"), mission.id) : null);
export const isOpen = (consult) => Boolean(consult) && consult.state !== "ended";

/** The call that this person's tablet carries: who called. */
export const ownCall = (state, mission, me) => {
  const consult = consultNow(state, mission);
  return isOpen(consult) && partyOf(consult, me.id) ? consult : null;
};

const ordersOf = (state, mission) => list(state.board, "orders").filter((one) => one.mission_id === mission.id).map((one) => withWords(one, state.jobs));

/** What the crew is asked to do now, also when the consult has ended meanwhile. */
export const ordersToDo = (state, mission) => (mission ? openOrders(ordersOf(state, mission)) : []);

/** The thread of the newest consult, with what waits to be sent. */
export function threadNow(state, mission, me) {
  const consult = consultNow(state, mission);
  return consult ? threadOf(messagesWithWaiting(list(state.board, "messages"), state.jobs, consult.id, me), ordersOf(state, mission), consult.id) : [];
}

/** Wait tone while nobody has answered. */
export const isWaiting = (consult) => isOpen(consult) && consult.state !== "talking";
