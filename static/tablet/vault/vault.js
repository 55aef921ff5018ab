// What the tablet keeps, sealed; and the key, which lives in this module's memory and nowhere else unwrapped.
// Released by the server to a signed-in session, or by the PIN. See docs/decisions/0018.

import { api, ApiError, uuid } from "../../shared/api.js";
import * as cipher from "./cipher.js";
import { triesLeft, wayIn } from "./lock_rules.js";
import { destroy, destroyAll, openStore } from "./store.js";

const TABLET = "onboard-tablet-id";
const ACTIVE = "onboard-tablet-active";
const KEYS = "keys";

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

export function tabletId() {
  const known = localStorage.getItem(TABLET) ?? uuid();
  localStorage.setItem(TABLET, known);
  return known;
}

/** onChange() after every opening and locking; onWipe() when the tablet has to be wiped. */
export async function openVault({ userId, onChange = () => {}, onWipe = () => {} }) {
  const store = await openStore(userId);
  let keys = await store.get("meta", KEYS);
  let dataKey = null;
  let prepared = null; // {pin, key: promise} while a PIN is typed
  let secret = null; // the server's, as a key; only between its answer and the opening

  async function keep(values) {
    keys = { name: KEYS, tries: 0, locked: false, byPin: null, session: null, ...keys, ...values };
    await store.put("meta", [keys]);
  }

  async function ask(body = {}) {
    const answer = await api.post(`/api/tablets/${tabletId()}/key/`, body);
    secret = await cipher.secretKey(bytesOf(answer.secret));
    return answer.session;
  }

  async function opened(key, values = {}) {
    dataKey = key;
    secret = prepared = null;
    await keep({ tries: 0, locked: false, ...values });
    touch();
    onChange();
  }

  /** The first key of all, or a new one where the old cannot be opened any more. */
  async function begin(session) {
    const key = await cipher.newDataKey();
    const byServer = await cipher.wrap(key, secret);
    await opened(await cipher.unwrap(byServer, secret), { byServer, byPin: null, session });
  }

  async function openBySecret(session) {
    if (!keys) return begin(session);
    try {
      await opened(await cipher.unwrap(keys.byServer, secret), { session });
    } catch (error) {
      if (error.name !== "OperationError") throw error;
      if (keys.byPin) return keep({ locked: true }); // the server has another secret: the PIN still opens
      await begin(session);
    }
  }

  /** At the start: 'open', or what has to be asked: 'person' | 'pin' | 'nothing' | 'signed_out'. */
  async function start() {
    const idle_ms = Date.now() - Number(localStorage.getItem(ACTIVE) ?? Date.now());
    let session = null;
    try {
      session = await ask();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "tablet_wiped") onWipe();
      if (error.status === 401 || error.code === "not_authenticated") return "signed_out";
    }
    const way = wayIn({ keys, session, idle_ms });
    if (way === "session") await openBySecret(session);
    return dataKey ? "open" : way === "session" ? "person" : way;
  }

  /** Derive the key while the finger is still on its way; whether it fits is only known by a try. */
  function preparePin(pin) {
    if (pin && keys?.byPin && prepared?.pin !== pin) prepared = { pin, key: cipher.pinKey(pin, keys.byPin) };
  }

  /** true, or false with one try fewer; at none the PIN opens no more, and nothing is lost. The try counts before it is made. */
  async function unlockByPin(pin) {
    await keep({ tries: keys.tries + 1 });
    try {
      preparePin(pin);
      const wrapping = await prepared.key;
      await opened(await cipher.unwrap(keys.byPin, wrapping));
      return true;
    } catch (error) {
      if (error.name !== "OperationError") throw error;
      if (triesLeft(keys) <= 0) await keep({ byPin: null, locked: true });
      return false;
    }
  }

  /** Throws ApiError where the password is wrong or the server out of reach. */
  async function unlockByPassword(password) {
    await openBySecret(await ask({ password }));
    return dataKey !== null;
  }

  /** Needs the server once: its secret opens a copy of the key that may be wrapped anew. */
  async function setPin(pin) {
    await ask();
    const copy = await cipher.unwrap(keys.byServer, secret, true);
    const rule = cipher.newPinRule();
    prepared = null;
    await keep({ byPin: { ...rule, ...(await cipher.wrap(copy, await cipher.pinKey(pin, rule))) } });
    onChange();
  }

  async function lock() {
    await keep({ locked: true });
    dataKey = secret = prepared = null;
    onChange();
  }

  function touch() {
    localStorage.setItem(ACTIVE, String(Date.now()));
  }

  async function kept(name) {
    const row = await store.get("kept", name);
    return row ? cipher.unseal(dataKey, name, row) : null;
  }

  return {
    store,
    start,
    preparePin,
    unlockByPin,
    unlockByPassword,
    setPin,
    lock,
    touch,
    get open() {
      return dataKey !== null;
    },
    get hasPin() {
      return Boolean(keys?.byPin);
    },
    get triesLeft() {
      return triesLeft(keys);
    },
    seal: (about, value) => cipher.seal(dataKey, about, value),
    unseal: (about, row) => cipher.unseal(dataKey, about, row),
    keep: async (name, value) => store.put("kept", [{ name, ...(await cipher.seal(dataKey, name, value)) }]),
    kept,
    /** At signing out: this person's data. `all`: everybody's, and the tablet's own name. */
    async wipe({ all = false } = {}) {
      dataKey = secret = null;
      store.close();
      await (all ? destroyAll() : destroy(userId));
      localStorage.removeItem(ACTIVE);
      if (all) localStorage.removeItem(TABLET);
    },
  };
}
