import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldOf, instantOf } from "./centre_time.js";

test("an instant is written as the centre's wall shows it, and read back", () => {
  assert.equal(fieldOf("2026-11-23T01:08:11Z", "Asia/Shanghai"), "2026-11-23T09:08:11");
  assert.equal(instantOf("2026-11-23T09:08:11", "Asia/Shanghai"), "2026-11-23T01:08:11.000Z");
});

test("also on the day that the clocks change", () => {
  for (const iso of ["2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z", "2026-10-25T03:00:00.000Z"]) assert.equal(instantOf(fieldOf(iso, "Europe/Vienna"), "Europe/Vienna"), iso);
});

test("what is no time is none", () => assert.equal(instantOf("", "UTC"), null));
