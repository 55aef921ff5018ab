// Everything the crew writes goes through here: sealed and on the disk first, then sent, in order for each mission.
// What the server refuses stays, marked, until a person has read why; nothing is lost in silence.

import { api, ApiError } from "../shared/api.js";
import { nowIso } from "../shared/time.js";
import { toast } from "../shared/toast.js";
import { laneOf, needsSignIn, nextBatch, nextTry_ms, unseen, waitAfter, waiting, worthRetrying } from "./queue_rules.js";
import { takeEarlier } from "./vault/store.js";

const ECHO_MS = 2500;
const EVERYTHING = "*"; // the lane of all lanes: the link or the sign-in is ill, not one mission
const SYNCED = "synced";

/** A file is kept as base64, because what is sealed is JSON; it is sent as a file. */
function contentOf({ body, file }) {
  if (!file) return body;
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, value);
  form.append("file", new Blob([Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0))], { type: file.type }), file.name);
  return form;
}

/**
 * Returns {open, close, put, putAll, drop, mend, send, idle}. A job: {kind, missionId, method, path, body}; kept ones
 * have a number and the time `at` of the tap, refused ones a sentence. onChange(jobs) after every change; onSync(iso)
 * when something reached the server; onSignIn() when the server no longer knows who writes.
 */
export function createQueue({ userId, onChange, onSync = () => {}, onSignIn = () => {} }) {
  const others = new BroadcastChannel(`onboard-queue-${userId}`); // the same person's other tabs
  const alone = new Set(); // of a list that was not taken: these go one by one
  const held = new Map(); // lane → {attempt, until_ms}
  let vault = null;
  let jobs = [];
  let sending = [];
  let tail = Promise.resolve(); // writes follow each other in the order of the taps
  let timer = null;

  function changed(next) {
    jobs = next;
    onChange(jobs);
  }

  const inTurn = (work) => {
    const mine = tail.then(work);
    tail = mine.catch(() => undefined);
    return mine;
  };

  async function write(fresh) {
    const sealed = await Promise.all(fresh.map((job) => vault.seal("jobs", job)));
    const numbers = await vault.store.add("jobs", sealed);
    changed([...jobs, ...fresh.map((job, at) => ({ ...job, number: numbers[at] }))]);
    others.postMessage("changed");
    send();
    wakeLater();
  }

  async function putAll(fresh) {
    if (!vault) return fresh.reduce((before, job) => before.then(() => api[job.method](job.path, contentOf(job))), Promise.resolve()); // locked: only the emergency button is in reach
    const at = nowIso();
    try {
      await inTurn(() => write(fresh.map((job) => ({ at, ...job }))));
    } catch (error) {
      toast(error.name === "QuotaExceededError" ? gettext("The tablet’s storage is full. This was NOT saved.") : gettext("This was NOT saved."), "bad");
      throw error;
    }
  }

  const put = (job) => putAll([job]);

  /** Take a job out; false when it is already on its way. */
  async function drop(job) {
    if (sending.includes(job.number)) return false;
    await vault.store.delete("jobs", [job.number]);
    changed(jobs.filter((other) => other.number !== job.number));
    others.postMessage("changed");
    return true;
  }

  async function rewrite(job, values) {
    const { number, sent, ...next } = { ...job, ...values };
    await vault.store.put("jobs", [{ number, ...(await vault.seal("jobs", next)) }]);
    changed(jobs.map((other) => (other.number === number ? { ...next, number } : other)));
  }

  /** A refused one goes again, with another body if one is given; or is set aside, kept but out of the count. */
  async function mend(job, { body = job.body, aside = false } = {}) {
    await rewrite(job, aside ? { aside: true } : { body, refused: undefined, aside: undefined });
    send();
  }

  async function done(batch) {
    const numbers = new Set(batch.map((job) => job.number));
    await vault.store.delete("jobs", [...numbers]);
    await vault.store.put("meta", [{ name: SYNCED, at: nowIso() }]);
    onSync(nowIso());
    changed(jobs.map((other) => (numbers.has(other.number) ? { ...other, sent: true } : other)));
    setTimeout(() => changed(jobs.filter((other) => !numbers.has(other.number))), ECHO_MS);
  }

  function hold(lane) {
    const attempt = held.get(lane)?.attempt ?? 0;
    held.set(lane, { attempt: attempt + 1, until_ms: Date.now() + waitAfter(attempt, 0.5 + Math.random() / 2) });
  }

  async function failed(batch, error) {
    if (!(error instanceof ApiError)) throw error;
    if (needsSignIn(error)) onSignIn();
    if (worthRetrying(error)) hold(error.status >= 500 ? laneOf(batch[0]) : EVERYTHING);
    else if (batch.length > 1) batch.forEach((job) => alone.add(job.number));
    else await rewrite(batch[0], { refused: error.detail });
  }

  async function sendBatch(batch) {
    const [first] = batch;
    sending = batch.map((job) => job.number);
    try {
      await api[first.method](first.path, batch.length > 1 ? batch.map((job) => job.body) : contentOf(first));
      held.delete(laneOf(first));
      held.delete(EVERYTHING);
      if (vault) await done(batch);
    } catch (error) {
      if (vault) await failed(batch, error);
    } finally {
      sending = [];
    }
  }

  /** What another tab wrote or sent since this one looked. */
  async function refresh() {
    const numbers = new Set(await vault.store.keys("jobs"));
    const known = new Set(jobs.map((job) => job.number));
    const rows = [...numbers].some((number) => !known.has(number)) ? await vault.store.all("jobs") : [];
    const unread = rows.filter((row) => !known.has(row.number));
    const fresh = (await Promise.all(unread.map((row) => vault.unseal("jobs", row)))).map((job, at) => ({ ...job, number: unread[at].number }));
    const stay = jobs.filter((job) => numbers.has(job.number) || job.sent);
    if (fresh.length || stay.length < jobs.length) changed([...stay, ...fresh].sort((a, b) => a.number - b.number));
  }

  const isHeld = (lane) => [lane, EVERYTHING].some((one) => (held.get(one)?.until_ms ?? 0) > Date.now());

  async function sendAll() {
    if (vault) await inTurn(refresh);
    for (;;) {
      const batch = vault ? nextBatch(jobs, { isHeld, alone }) : [];
      if (!batch.length) return;
      await sendBatch(batch);
    }
  }

  let running = null;
  /** One tab of this person sends at a time. Resolves when nothing more can be sent now. */
  function send() {
    clearTimeout(timer);
    running ??= navigator.locks.request(`onboard-send-${userId}`, sendAll).finally(() => {
      running = null;
      const wait_ms = vault && waiting(jobs).length ? nextTry_ms(held, Date.now()) : null;
      if (wait_ms !== null) timer = setTimeout(send, wait_ms);
    });
    return running;
  }

  /** The network is back, or somebody looks: waiting out the pause would be silly. */
  function sendNow() {
    held.delete(EVERYTHING);
    return send();
  }

  /** Where the browser can, it wakes the tablet as soon as there is a network, a hidden one too. */
  function wakeLater() {
    if (!navigator.onLine) navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("send")).catch(() => undefined);
  }

  addEventListener("online", sendNow);
  addEventListener("focus", sendNow);
  document.addEventListener("visibilitychange", () => document.hidden || sendNow());
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.t === "send" && sendNow());
  others.addEventListener("message", () => vault && inTurn(refresh));

  async function open(opened) {
    vault = opened;
    onSync((await vault.store.get("meta", SYNCED))?.at ?? null);
    await inTurn(refresh);
    await takeEarlier(userId, (earlier) => inTurn(() => write(earlier)));
    onChange(jobs);
    sendNow();
  }

  /** Locked: nothing readable stays in memory; what waits stays on the disk. */
  async function close() {
    await inTurn(() => undefined);
    vault = null;
    clearTimeout(timer);
    changed([]);
  }

  return { open, close, put, putAll, drop, mend, send: sendNow, unsent: () => unseen(jobs).length };
}
