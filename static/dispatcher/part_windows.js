// The windows of the second screen: one for each part of the console, found again by its name.

const FEATURES = "popup,width=1200,height=900";

/**
 * Show a part in a window of its own: opened at the first press, brought to the front at every other, also after the
 * console was loaded anew. Returns whether the browser let it.
 *
 * Not `noopener`: that gives no handle, so that each press would open one more window and none could be brought forward.
 */
export function showPart(part, open = (...all) => window.open(...all)) {
  const path = `/console/${part}/`;
  // An empty address finds the window of this name without loading it again; a fresh one is still blank.
  const shown = open("", `onboard-${part}`, FEATURES);
  if (!shown) return false;
  if (shown.location.pathname !== path) shown.location.replace(path);
  shown.focus();
  return true;
}
