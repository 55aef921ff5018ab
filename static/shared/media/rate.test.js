import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { adapt, beginRate, LOOK_MS, reconnected, unanswered } from "./rate.js";

const cases = JSON.parse(readFileSync(new URL("../../../tests/rules/cases/media_rate.json", import.meta.url)));

for (const { name, most_kbps, trace, then } of cases)
  test(`${name}, as in the vehicle`, () => {
    let rate = beginRate(most_kbps);
    let now_ms = 0;
    const found = [];
    for (const [lag_ms, looks] of trace) {
      for (let look = 0; look < looks; look++) rate = adapt(rate, lag_ms, (now_ms += LOOK_MS));
      found.push([Math.round(rate.kbps * 1000), rate.step, rate.stopped, rate.key]);
    }

    assert.deepEqual(found, then);
  });

test("a new socket forgets the lag of the old one and asks for a key picture", () => {
  const stopped = adapt(beginRate(1000), 900, 100);

  assert.equal(stopped.stopped, true);
  assert.deepEqual([reconnected(stopped).stopped, reconnected(stopped).key, reconnected(stopped).looks], [false, true, []]);
});

test("the lag is the age of the oldest picture without an answer, less the quickest answer", () => {
  const open = unanswered();
  assert.equal(open.lag_ms(0), 0);
  open.sent(1, 0);
  open.acknowledged(1, 40);
  open.sent(2, 100);
  open.sent(3, 140);

  assert.equal(open.lag_ms(190), 50);
  open.acknowledged(3, 200); // covers the second one, too
  assert.equal(open.lag_ms(300), 0);
});
