// The tablet's own buttons in the bar, and what covers the screen: lock, PIN, new version, storage, signing out.

import { missionOf } from "./tablet_state.js";
import { unseen } from "./queue_rules.js";

const byId = (id) => document.getElementById(id);

/** Nothing is under way that a reload could disturb. */
const isCalm = (state) => !missionOf(state)?.open && !state.lock && !state.sheet && !state.pin && unseen(state.jobs).length === 0;

function showCover(state) {
  const locked = Boolean(state.lock);
  document.body.toggleAttribute("data-locked", locked);
  byId("main").inert = locked;
  byId("lock").hidden = !locked;
  // One monitor, wherever it can be seen: its numbers name nobody.
  const home = locked ? byId("lock") : document.querySelector(".working .left");
  if (byId("monitor").parentElement !== home) home.append(byId("monitor"));
}

export function followTools({ store, act, workplace }) {
  const signOut = document.querySelector("form[action='/logout/']");
  Object.assign(act, { lock: workplace.lock, leaveAnyhow: () => workplace.leave(signOut, true) });
  let taken = false;

  function show(state) {
    showCover(state);
    const open = !state.lock;
    byId("lock-now").hidden = !open;
    byId("set-pin").hidden = !open || state.hasPin;
    byId("storage").hidden = !state.storageLow;
    byId("storage").textContent = gettext("Storage is low");
    byId("update").hidden = !state.updateWaits;
    byId("update").textContent = isCalm(state) ? gettext("New version: taken now") : gettext("New version: after this mission");
    if (state.updateWaits && state.board.ready && isCalm(state) && !taken) {
      taken = true;
      workplace.take();
    }
  }

  byId("lock-now").onclick = workplace.lock;
  byId("set-pin").onclick = workplace.newPin;
  byId("update").onclick = workplace.take;
  signOut.addEventListener("submit", (event) => {
    event.preventDefault();
    workplace.leave(signOut);
  });
  store.subscribe(show);
  show(store.state);
}
