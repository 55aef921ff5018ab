// Runs on every page: clock and ages tick, and server-rendered codes get their labels.

import { label } from "./terms.js";
import { startTicker } from "./ticker.js";

for (const element of document.querySelectorAll("[data-term]")) {
  const code = element.value || element.textContent.trim();
  element.title = code;
  element.textContent = label(element.dataset.term, code);
}
startTicker();
