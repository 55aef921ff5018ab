import assert from "node:assert/strict";
import { test } from "node:test";

import { createBatch, together } from "./batch.js";

const fix = (id, second, lat = 31) => [id, lat, 120, 0, 1, `2026-11-22T10:00:0${second}+00:00`];
const positions = (...fixes) => ({ t: "positions", fixes });

test("of several fixes of a unit the newest stays, also when it came first", () => {
  assert.deepEqual(together([positions(fix("a", 1), fix("b", 1)), positions(fix("a", 3)), positions(fix("a", 2))]).fixes, [fix("a", 3), fix("b", 1)]);
});

test("positions wait for the pace, other messages do not, and never overtake them", () => {
  const out = [];
  let fire = null;
  const take = createBatch((message) => out.push(message.t), 200, (work) => (fire = work));
  take(positions(fix("a", 1)));
  take(positions(fix("b", 1)));
  assert.deepEqual(out, []);
  take({ t: "rows" });
  assert.deepEqual(out, ["positions", "rows"]);
  take(positions(fix("a", 2)));
  fire();
  assert.deepEqual(out, ["positions", "rows", "positions"]);
  fire();
  assert.equal(out.length, 3);
});
