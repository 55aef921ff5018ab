import assert from "node:assert/strict";
import { test } from "node:test";

import { backOff, openFeed } from "./feed.js";
import { wayOut } from "./link.js";

/** A feed over a socket that the test closes; `links` is what the page was told. */
function feedThatEndsWith(code) {
  const sockets = [];
  globalThis.WebSocket = class {
    static OPEN = 1;
    constructor() {
      sockets.push(this);
    }
    close() {}
  };
  globalThis.location = { href: "http://onboard.example/console/", pathname: "/console/" };
  globalThis.addEventListener ??= () => {};
  const links = [];
  const feed = openFeed({ path: "/live/console/", onMessage: () => {}, onLink: (link) => links.push(link), since: () => null });
  sockets[0].onmessage({ data: "{}" });
  sockets[0].onclose({ code });
  feed.close();
  return links;
}

test("waiting grows, is bounded and is never the same for all desks", () => {
  assert.equal(backOff(0, 0), 250);
  assert.equal(backOff(0, 1), 500);
  assert.equal(backOff(3, 1), 4000);
  assert.equal(backOff(30, 1), 10000);
  assert.notEqual(backOff(5, 0.1), backOff(5, 0.9));
});

test("a page is told that its person was signed out or may not look any more, and not that a line broke", () => {
  assert.deepEqual(feedThatEndsWith(4401), ["connecting", "live", "signed_out"]);
  assert.deepEqual(feedThatEndsWith(4403), ["connecting", "live", "refused"]);
  assert.deepEqual(feedThatEndsWith(1006), ["connecting", "live", "lost"]);
});

test("a board that was taken away leaves the screen", () => {
  assert.equal(wayOut("signed_out", 5, "/ed/"), "/login/?signed_out=1&next=%2Fed%2F");
  assert.equal(wayOut("refused", 5, "/ed/"), "/ed/");
  assert.equal(wayOut("refused", null, "/ed/"), null);
  assert.equal(wayOut("lost", 5, "/ed/"), null);
});
