// The page's connection state: the word in the top bar, and the banner that greys a board which lost its feed.

import { clock } from "./time.js";

const WORDS = {
  connecting: () => gettext("Connecting…"),
  live: () => gettext("Live"),
  lost: () => gettext("No connection"),
};

/** Pass as `onLink` of openFeed(). */
export function showLink(link, heard_ms) {
  const lost = link === "lost";
  document.body.classList.toggle("lost", lost);
  const word = document.getElementById("link");
  if (word) {
    word.hidden = false;
    word.dataset.link = link;
    word.textContent = WORDS[link]();
  }
  const banner = document.getElementById("lost-banner");
  if (!banner) return;
  banner.hidden = !lost;
  if (!lost) return;
  banner.textContent =
    heard_ms === null
      ? gettext("Connection lost – nothing received yet")
      : interpolate(gettext("Connection lost – last update %(time)s"), { time: clock(heard_ms) }, true);
}
