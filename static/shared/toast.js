// Short messages at the foot of the page; refusals stay longer than confirmations.

const STAY_MS = { ok: 4000, bad: 9000 };

function shelf() {
  let element = document.getElementById("toasts");
  if (!element) {
    element = document.createElement("div");
    element.id = "toasts";
    element.className = "toasts";
    element.setAttribute("role", "status");
    element.setAttribute("aria-live", "assertive");
    document.body.append(element);
  }
  return element;
}

/** toast('…', 'ok' | 'bad') */
export function toast(text, kind = "ok") {
  const element = document.createElement("div");
  element.className = `toast ${kind}`;
  element.textContent = text;
  shelf().append(element);
  setTimeout(() => element.remove(), STAY_MS[kind]);
}
