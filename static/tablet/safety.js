// The crew's own safety: the emergency button, held for a second, and the answer that all is well.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { uuid } from "../shared/api.js";
import { list } from "../shared/reduce.js";
import { nowIso } from "../shared/time.js";
import { nameOf } from "../shared/terms.js";
import { toast } from "../shared/toast.js";
import { unitOf } from "./tablet_state.js";

const HOLD_MS = 1000;
const LOCATE_MS = 2000;

/** Where the tablet is, if it may know and knows at once; the vehicle's own position stands in. */
const here = () =>
  new Promise((resolve) => {
    if (!navigator.geolocation || !isSecureContext) return resolve({});
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude }),
      () => resolve({}),
      { timeout: LOCATE_MS, maximumAge: 10_000, enableHighAccuracy: true },
    );
  });

/** Pressed in a pocket it must do nothing: a second's hold, by finger or key. */
export function followSafety(button, { store, queue }) {
  let timer = null;
  const release = () => {
    clearTimeout(timer);
    button.classList.remove("held");
  };
  async function call() {
    release();
    const unit = unitOf(store.state);
    if (!unit) return;
    const body = { id: uuid(), occurred_at: nowIso(), ...(await here()) };
    await queue.put({ kind: "emergency", missionId: null, method: "post", path: `/api/units/${unit.id}/emergency/`, body });
    toast(gettext("EMERGENCY sent to the control room."), "bad");
  }
  const press = () => {
    release();
    button.classList.add("held");
    timer = setTimeout(call, HOLD_MS);
  };
  button.addEventListener("pointerdown", press);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) button.addEventListener(name, release);
  button.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && !event.repeat && press());
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  store.subscribe((state) => {
    button.hidden = !unitOf(state);
  });
}

const alarmLine = (alarm) => html`<p class="safety-line bad" role="alert"><b>${alarm.kind === "emergency" ? gettext("EMERGENCY is on") : gettext("The control room could not reach you")}</b>
  <time data-elapsed=${alarm.occurred_at}></time>
  <span>${alarm.acknowledged_by ? `${gettext("taken by")} ${nameOf(alarm.acknowledged_by)}` : gettext("nobody has taken it yet")}</span></p>`;

const checkLine = (check, act) => html`<p class="safety-line warn" role="alert"><b>${gettext("Is the crew safe?")}</b>
  <time data-elapsed=${check.asked_at} data-late="60"></time>
  <button type="button" class="button primary" data-act="safe" @click=${() => act.safe(check)}>${gettext("We are safe")}</button></p>`;

export const safetyView = (state, act) => html`${list(state.board, "crew_alarms").map(alarmLine)} ${list(state.board, "crew_checks").map((check) => checkLine(check, act))}`;
