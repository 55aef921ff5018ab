// What the tablet says of itself twice a minute, and the orders that come back: wiping it.

import { api, ApiError } from "../../shared/api.js";
import { tabletId } from "../vault/vault.js";
import { tell } from "./install.js";

const EVERY_MS = 30_000;
const SEND_FIRST_MS = 20_000;
const WIPED = "onboard-tablet-wiped"; // {id, lost}: not told to the server yet

const within = (work, limit_ms) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, limit_ms))]);

async function tellWiped() {
  const said = JSON.parse(localStorage.getItem(WIPED) ?? "null");
  if (!said) return;
  await api.post(`/api/tablets/${said.id}/wiped/`, { lost: said.lost });
  localStorage.removeItem(WIPED);
}

/** state(): {waiting, oldest_waiting_at, storage_low}. Returns {wipe, leave}. */
export function createReport({ vault, queue, state, onWiping }) {
  let wiping = false;

  async function report() {
    try {
      await tellWiped();
      const said = state();
      const waiting = vault.open ? said.waiting : await vault.store.count("jobs");
      const { wipe: asked } = await api.post(`/api/tablets/${tabletId()}/report/`, { ...said, waiting });
      if (asked) await wipe();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // no network: the next time
    }
  }

  /** Send what can be sent, forget everything, say what was lost. */
  async function wipe() {
    if (wiping) return;
    wiping = true;
    onWiping("wiping");
    if (vault.open) await within(queue.send(), SEND_FIRST_MS);
    const lost = await vault.store.count("jobs");
    const id = tabletId();
    await queue.close();
    await vault.wipe({ all: true });
    await tell("wipe");
    localStorage.setItem(WIPED, JSON.stringify({ id, lost }));
    const told = await tellWiped().then(() => true, () => false);
    onWiping("wiped");
    if (told) location.replace("/login/");
  }

  /** Sign out: true when nothing of this person is left; false where something waits and `anyhow` was not said. */
  async function leave({ anyhow = false } = {}) {
    if (vault.open) await within(queue.send(), SEND_FIRST_MS);
    if ((await vault.store.count("jobs")) && !anyhow) return false;
    await api.delete(`/api/tablets/${tabletId()}/key/`);
    wiping = true;
    await queue.close();
    await vault.wipe();
    await tell("forget");
    return true;
  }

  setInterval(() => !wiping && report(), EVERY_MS);
  addEventListener("online", () => !wiping && report());
  report();
  return { wipe, leave };
}
