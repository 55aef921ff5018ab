// Everything the crew writes goes through here: kept in IndexedDB first, sent in order, retried.
// What the server refuses stays, marked, until a person has read why; nothing is lost in silence.

import { api, ApiError } from "../shared/api.js";
import { needsSignIn, waitAfter, waiting, worthRetrying } from "./queue_rules.js";

const ECHO_MS = 2500;

const asPromise = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function open(userId) {
  // One store a person: what one medic wrote is never sent in the name of the next.
  const request = indexedDB.open(`onboard-tablet-${userId}`, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("jobs", { keyPath: "number", autoIncrement: true });
  return asPromise(request);
}

/**
 * Returns {put, drop}. A job: {kind, missionId, method, path, body}; stored ones have a number, refused ones a sentence.
 * onChange(jobs) after every change; onSignIn() when the server no longer knows who writes.
 */
export async function openQueue({ userId, onChange, onSignIn = () => {} }) {
  const database = await open(userId);
  const store = (mode) => database.transaction("jobs", mode).objectStore("jobs");
  let jobs = await asPromise(store("readonly").getAll());
  let sending = null;
  let attempt = 0;
  let timer = null;

  function changed(next) {
    jobs = next;
    onChange(jobs);
  }

  async function put(job) {
    const number = await asPromise(store("readwrite").add(job));
    jobs = [...jobs, { ...job, number }];
    send(); // before the screen is drawn anew: others wait for it
    onChange(jobs);
  }

  /** Take a job out; false when it is already on its way. */
  async function drop(job) {
    if (sending?.number === job.number) return false;
    await asPromise(store("readwrite").delete(job.number));
    changed(jobs.filter((other) => other.number !== job.number));
    return true;
  }

  async function done(job) {
    await asPromise(store("readwrite").delete(job.number));
    changed(jobs.map((other) => (other.number === job.number ? { ...other, sent: true } : other)));
    setTimeout(() => changed(jobs.filter((other) => other.number !== job.number)), ECHO_MS);
  }

  async function refuse(job, error) {
    const marked = { ...job, refused: error.detail };
    await asPromise(store("readwrite").put(marked));
    changed(jobs.map((other) => (other.number === job.number ? marked : other)));
  }

  async function sendOne(job) {
    sending = job;
    try {
      await api[job.method](job.path, job.body);
      await done(job);
      sending = null;
      attempt = 0;
      return true;
    } catch (error) {
      sending = null;
      if (!(error instanceof ApiError)) throw error;
      if (needsSignIn(error)) onSignIn();
      if (!worthRetrying(error)) {
        await refuse(job, error);
        return true;
      }
      timer = setTimeout(send, waitAfter(attempt));
      attempt += 1;
      return false;
    }
  }

  let running = false;
  async function send() {
    if (running) return;
    running = true;
    clearTimeout(timer);
    try {
      for (let [job] = waiting(jobs); job && (await sendOne(job)); [job] = waiting(jobs));
    } finally {
      running = false;
    }
  }

  addEventListener("online", send);
  onChange(jobs);
  send();
  return { put, drop };
}
