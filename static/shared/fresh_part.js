// Asks for the page again every few seconds and puts its newest part in the place of the old one.
// A part that holds the keyboard's focus is left alone: nothing moves under a finger.

import { labelCodes } from "./terms.js";
import { tick } from "./ticker.js";

async function refresh(part) {
  if (document.hidden || part.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh || part.contains(document.activeElement)) return;
  part.replaceChildren(...fresh.childNodes);
  labelCodes(part);
  tick(part);
}

for (const part of document.querySelectorAll("[data-fresh-every]")) {
  setInterval(() => refresh(part).catch(() => undefined), part.dataset.freshEvery * 1000);
}
