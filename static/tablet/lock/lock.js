// Locks by hand and after idle time, opens by PIN or password; a new PIN is chosen here, too.

import { ApiError } from "../../shared/api.js";
import { toast } from "../../shared/toast.js";
import { IDLE_MS, PIN_LENGTHS, pinFault } from "../vault/lock_rules.js";

const LOOK_MS = 10_000;
const TOUCH_EVERY_MS = 5_000;
// After the last digit, before the finger is on "Open".
const PREPARE_MS = 100;

const wrongPin = (count) => interpolate(ngettext("Wrong PIN. %(count)s try left, then only the password opens.", "Wrong PIN. %(count)s tries left, then only the password opens.", count), { count }, true);

/** onOpen() after the key is there takes the cover away; onLock() when it has to go. */
export function createLock({ vault, store, onOpen, onLock }) {
  const get = () => store.state.lock;
  const set = (values) => store.dispatch({ t: "set", values: { lock: get() && { ...get(), ...values } } });
  let active_ms = Date.now();
  let preparing = null;

  async function cover(mode) {
    const waiting = await vault.store.count("jobs");
    store.dispatch({ t: "locked", lock: { mode, digits: "", fault: "", busy: false, waiting, hasPin: vault.hasPin } });
  }

  async function lock() {
    if (!vault.open) return;
    await onLock();
    await vault.lock();
    await cover("person");
  }

  async function tryPin() {
    const { digits, busy } = get();
    if (busy || digits.length < PIN_LENGTHS[0]) return;
    set({ busy: true, fault: "" });
    if (await vault.unlockByPin(digits)) return onOpen();
    set({ busy: false, digits: "", hasPin: vault.hasPin, fault: vault.hasPin ? wrongPin(vault.triesLeft) : gettext("Too many wrong PINs. Only the password opens this tablet now, with a network; what waits here is kept.") });
  }

  function press(key) {
    const { digits, busy } = get();
    if (busy) return;
    if (key === "ok") return tryPin();
    set({ digits: key === "⌫" ? digits.slice(0, -1) : (digits + key).slice(0, PIN_LENGTHS[1]), fault: "" });
    clearTimeout(preparing);
    if (get().digits.length >= PIN_LENGTHS[0]) preparing = setTimeout(() => vault.preparePin(get()?.digits), PREPARE_MS);
  }

  async function tryPassword(password) {
    set({ busy: true, fault: "" });
    try {
      if (await vault.unlockByPassword(password)) return await onOpen();
      set({ busy: false, fault: gettext("The password is right, but only the PIN opens what this tablet keeps.") });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401 || error.code === "not_authenticated") location.assign("/login/?next=/tablet/");
      set({ busy: false, fault: error.status ? error.detail : gettext("Without a network only the PIN opens the tablet.") });
    }
  }

  const pin = (values) => store.dispatch({ t: "set", values: { pin: values && { ...store.state.pin, ...values } } });

  async function pressNew(key) {
    const { first, digits, busy } = store.state.pin;
    if (busy) return;
    if (key !== "ok") return pin({ digits: key === "⌫" ? digits.slice(0, -1) : (digits + key).slice(0, PIN_LENGTHS[1]), fault: "" });
    const fault = pinFault(digits);
    if (fault) return pin({ digits: "", fault: fault === "length" ? gettext("At least six digits.") : gettext("Too simple: not the same digit, not in a row.") });
    if (!first) return pin({ first: digits, digits: "" });
    if (first !== digits) return pin({ first: "", digits: "", fault: gettext("Not the same twice. Begin again.") });
    pin({ busy: true });
    try {
      await vault.setPin(digits);
      store.dispatch({ t: "set", values: { pin: null, hasPin: true } });
      toast(gettext("PIN set. It opens this tablet without a network, too."));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      pin({ first: "", digits: "", busy: false, fault: error.status ? error.detail : gettext("A PIN can only be set with a network.") });
    }
  }

  function touched() {
    const now_ms = Date.now();
    if (now_ms - active_ms > TOUCH_EVERY_MS && vault.open) vault.touch();
    active_ms = now_ms;
  }

  function onKey(event) {
    const target = store.state.pin ? pressNew : get() ? press : null;
    if (!target || event.target.matches("input, button") || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = { Backspace: "⌫", Enter: "ok" }[event.key] ?? (/^\d$/.test(event.key) ? event.key : null);
    if (key) target(key);
  }

  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched, { capture: true });
  addEventListener("keydown", onKey);
  // Without a PIN it could not be opened again where there is no network: then it stays open and says so.
  setInterval(() => vault.open && vault.hasPin && Date.now() - active_ms > IDLE_MS && lock(), LOOK_MS);

  return { lock, cover, press, tryPassword, pressNew, usePassword: (yes) => set({ asPassword: yes, fault: "" }), newPin: () => store.dispatch({ t: "set", values: { pin: { first: "", digits: "", fault: "", busy: false } } }), closePin: () => pin(null) };
}
