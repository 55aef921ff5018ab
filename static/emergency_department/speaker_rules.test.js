import assert from "node:assert/strict";
import { test } from "node:test";
import { toSay } from "./speaker_rules.js";

const notice = (id, level, more = {}) => ({ id, level, channel: "loudspeaker", spoken_at: null, ...more });
const row = (more = {}) => ({ id: "h", state: "sent", times: {}, near_at: null, unit: { call_sign: "A1" }, notices: [], ...more });
const nothingSaid = () => false;

test("an unconfirmed alert is said once, at its newest level", () => {
  const rows = [row({ notices: [notice("1", 1), notice("2", 2), notice("s", 2, { channel: "sms" })] })];
  assert.deepEqual(toSay(rows, nothingSaid).map((one) => [one.id, one.kind, one.unit]), [["2", "unconfirmed", "A1"]]);
  assert.deepEqual(toSay(rows, (id) => id === "2"), []);
});

test("confirmed, spoken elsewhere or taken back: the wall is silent", () => {
  const rows = [row({ times: { confirmed: "x" }, notices: [notice("1", 1)] }), row({ notices: [notice("2", 1, { spoken_at: "x" })] }), row({ state: "redirected", notices: [notice("3", 1)] })];
  assert.deepEqual(toSay(rows, nothingSaid), []);
});

test("two minutes out is said once and not after the arrival", () => {
  assert.deepEqual(toSay([row({ near_at: "x" })], nothingSaid).map((one) => one.id), ["near-h"]);
  assert.deepEqual(toSay([row({ near_at: "x", times: { arrived: "y" } })], nothingSaid), []);
});
