// The page's connection state: the word in the top bar, and the banner that greys a board which lost its feed.
// A board that was taken away is not left standing: the page goes to the sign-in, or asks the server anew.

import { clock } from "./time.js";

const WORDS = {
  connecting: () => gettext("Connecting…"),
  live: () => gettext("Live"),
  lost: () => gettext("No connection"),
  signed_out: () => gettext("Signed out"),
  refused: () => gettext("Not allowed"),
};

/** Where a page goes whose board was taken away, null to stay: a page refused at once would only come back here. */
export function wayOut(link, heard_ms, path) {
  if (link === "signed_out") return `/login/?signed_out=1&next=${encodeURIComponent(path)}`;
  return link === "refused" && heard_ms !== null ? path : null;
}

function bannerText(link, heard_ms) {
  if (link === "signed_out") return gettext("You were signed out.");
  if (link === "refused") return gettext("This board is not open to you.");
  if (heard_ms === null) return gettext("Connection lost – nothing received yet");
  return interpolate(gettext("Connection lost – last update %(time)s"), { time: clock(heard_ms) }, true);
}

/** Pass as `onLink` of openFeed(). */
export function showLink(link, heard_ms) {
  const lost = link !== "live" && link !== "connecting";
  document.body.classList.toggle("lost", lost);
  const word = document.getElementById("link");
  if (word) {
    word.hidden = false;
    word.dataset.link = link;
    word.textContent = WORDS[link]();
  }
  const banner = document.getElementById("lost-banner");
  if (banner) {
    banner.hidden = !lost;
    if (lost) banner.textContent = bannerText(link, heard_ms);
  }
  const next = wayOut(link, heard_ms, location.pathname);
  if (next) location.replace(next);
}
