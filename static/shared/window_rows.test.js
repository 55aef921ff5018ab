import assert from "node:assert/strict";
import { test } from "node:test";

import { rowsInView } from "./window_rows.js";

const of = (more) => rowsInView({ count: 1000, row_px: 50, top_px: 0, height_px: 500, ...more });

test("a short list is drawn whole", () => assert.deepEqual(of({ count: 60, top_px: 900 }), { first: 0, last: 60, above_px: 0, below_px: 0 }));

test("the room above, the rows and the room below are the whole list, wherever it is scrolled", () => {
  for (const top_px of [0, 333, 24_000, 49_500, 90_000]) {
    const { first, last, above_px, below_px } = of({ top_px });
    assert.equal(above_px + (last - first) * 50 + below_px, 50_000);
    assert.ok(last - first <= 10 + 2 * 14 + 1);
  }
});

test("what is in view is drawn", () => {
  const { first, last } = of({ top_px: 20_000 });
  assert.ok(first <= 400 && last >= 410);
});
