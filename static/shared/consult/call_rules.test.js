import assert from "node:assert/strict";
import { test } from "node:test";

import { askedAt, consultOf, needsHub, offers, partyOf, queueOrder, ringsAt, shownParties, shownWay, wayOf } from "./call_rules.js";

test("exactly one of two pages offers", () => {
  assert.equal(offers("a", "b"), true);
  assert.equal(offers("b", "a"), false);
});

test("a way is direct only where neither end is relayed", () => {
  assert.equal(wayOf("connected", "host", "srflx"), "direct");
  assert.equal(wayOf("connected", "host", "relay"), "relay");
  assert.equal(wayOf("checking"), "connecting");
  assert.equal(wayOf("failed"), "lost");
});

test("the hub carries a voice that found no way in five seconds, and says so", () => {
  const peer = { way: "connecting", since_ms: 1000 };

  assert.equal(needsHub([peer], 5999), false);
  assert.equal(needsHub([peer], 6000), true);
  assert.equal(needsHub([{ way: "relay", since_ms: 0 }], 1e9), false);
  assert.equal(shownWay(peer, true), "hub");
  assert.equal(shownWay({ way: "direct" }, true), "direct");
});

const consult = (values) => ({ parties: [], requests: [], state: "waiting", mission_id: "m", priority: 2, opened_at: "2026-11-22T06:00:00Z", ...values });

test("a hospital's ring is heard by its people until one of them answers", () => {
  const ringing = { state: "ringing", user: null, hospital: { id: "h1" } };

  assert.equal(ringsAt(consult({ parties: [ringing] }), { id: "u", hospitalId: "h1" }), true);
  assert.equal(ringsAt(consult({ parties: [ringing] }), { id: "u", hospitalId: "h2" }), false);
  assert.equal(ringsAt(consult({ parties: [{ ...ringing, state: "connected" }] }), { id: "u", hospitalId: "h1" }), false);
  assert.equal(partyOf(consult({ parties: [{ state: "left", user: { id: "u" } }] }), "u"), null);
});

test("the open consult of a mission goes before its newest", () => {
  const ended = consult({ id: 1, state: "ended", opened_at: "2026-11-22T07:00:00Z" });
  const open = consult({ id: 2 });

  assert.equal(consultOf([ended, open], "m").id, 2);
  assert.equal(consultOf([ended], "m").id, 1);
  assert.equal(consultOf([open], "other"), null);
});

test("the queue is by urgency, then by who waits longest", () => {
  const early = consult({ id: "early", opened_at: "2026-11-22T05:00:00Z" });
  const late = consult({ id: "late" });
  const urgent = consult({ id: "urgent", priority: 1 });
  const again = consult({ requests: [{ asked_at: "2026-11-22T06:30:00Z" }] });

  assert.deepEqual(queueOrder([late, early, urgent]).map((one) => one.id), ["urgent", "early", "late"]);
  assert.equal(askedAt(again), "2026-11-22T06:30:00Z");
});

test("who speaks stands first, and a try that came to nothing goes once its person is inside", () => {
  const party = (id, state, user) => ({ id, state, user: { id: user } });
  const parties = [party("p1", "declined", "sun"), party("p2", "ringing", "qian"), party("p3", "connected", "wang"), party("p4", "unanswered", "zhou"), party("p5", "connected", "sun"), party("p6", "withdrawn", "he")];

  assert.deepEqual(shownParties(consult({ parties })).map(({ id }) => id), ["p3", "p5", "p2", "p4"]);
});
