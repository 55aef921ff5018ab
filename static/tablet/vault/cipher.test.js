import assert from "node:assert/strict";
import { test } from "node:test";
import { newDataKey, pinKey, seal, secretKey, unseal, unsealBytes, unwrap, wrap } from "./cipher.js";

const quick = { salt: new Uint8Array(16), rounds: 1000 };
const secret = (first) => secretKey(new Uint8Array(32).fill(first));

test("what was sealed opens with its key in its place only, and never twice alike", async () => {
  const key = await newDataKey();
  const row = await seal(key, "jobs", { name: "王秀英" });
  const again = await seal(key, "jobs", { name: "王秀英" });

  assert.deepEqual(await unseal(key, "jobs", row), { name: "王秀英" });
  assert.notDeepEqual(row.iv, again.iv);
  assert.ok(!Buffer.from(row.sealed).includes(Buffer.from("王秀英")));
  await assert.rejects(unseal(key, "kept", row));
  await assert.rejects(unseal(await newDataKey(), "jobs", row));
});

test("bytes come back as bytes", async () => {
  const key = await newDataKey();
  const row = await seal(key, "attachment", new Uint8Array([0, 255, 7]));

  assert.deepEqual(await unsealBytes(key, "attachment", row), new Uint8Array([0, 255, 7]));
});

test("the key opens by the server's secret and by the PIN, not by another, and stays inside", async () => {
  const key = await newDataKey();
  const byServer = await wrap(key, await secret(1));
  const byPin = await wrap(key, await pinKey("482913", quick));
  const row = await seal(key, "jobs", 7);

  const opened = await unwrap(byServer, await secret(1));
  const typed = await unwrap(byPin, await pinKey("482913", quick));

  assert.equal(await unseal(opened, "jobs", row), 7);
  assert.equal(await unseal(typed, "jobs", row), 7);
  await assert.rejects(crypto.subtle.exportKey("raw", opened));
  await assert.rejects(async () => unwrap(byServer, await secret(2)));
  await assert.rejects(async () => unwrap(byPin, await pinKey("482914", quick)));
});
