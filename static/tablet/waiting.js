// How much has not reached the server yet, since when, and what the server did not accept: always in the bar.

import { ageText, clock, secondsSince } from "../shared/time.js";
import { oldestWaiting, refused, waiting } from "./queue_rules.js";

function words(state, left, no) {
  if (state.signedOut && left) return interpolate(gettext("%(count)s waiting: sign in again"), { count: left }, true);
  if (no) return interpolate(ngettext("%(count)s not accepted – look", "%(count)s not accepted – look", no), { count: no }, true);
  if (!left) return [gettext("All sent"), state.synced_at && clock(state.synced_at, { seconds: false })].filter(Boolean).join(" · ");
  const said = interpolate(ngettext("%(count)s waiting to send", "%(count)s waiting to send", left), { count: left }, true);
  const oldest = oldestWaiting(state.jobs);
  const age_s = oldest ? secondsSince(oldest) : 0;
  return age_s < 60 ? said : `${said} · ${ageText(age_s)}`;
}

export function showWaiting(element, state, onLook) {
  const left = waiting(state.jobs).length;
  const no = refused(state.jobs).length;
  element.hidden = Boolean(state.lock);
  element.className = `chip ${no ? "bad" : left ? "warn" : ""}`;
  element.onclick = onLook;
  element.textContent = words(state, left, no);
}
