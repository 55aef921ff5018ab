// How much has not reached the server yet, and what the server did not accept: always in the bar.

import { refused, waiting } from "./queue_rules.js";

export function showWaiting(element, state, onRefused) {
  const left = waiting(state.jobs).length;
  const no = refused(state.jobs).length;
  element.hidden = left + no === 0;
  element.className = `chip ${no ? "bad" : "warn"}`;
  element.onclick = no ? onRefused : null;
  if (state.signedOut && left) element.textContent = interpolate(gettext("%(count)s waiting: sign in again"), { count: left }, true);
  else if (no) element.textContent = interpolate(ngettext("%(count)s not accepted – look", "%(count)s not accepted – look", no), { count: no }, true);
  else element.textContent = interpolate(ngettext("%(count)s waiting to send", "%(count)s waiting to send", left), { count: left }, true);
}
