// A menu of the top bar is a <details>: it closes with Esc and when somebody goes elsewhere.

const opened = () => document.querySelectorAll(".bar-menu[open]");

export function closeMenus() {
  for (const kind of ["pointerdown", "focusin"]) {
    addEventListener(kind, ({ target }) => opened().forEach((menu) => menu.contains(target) || menu.removeAttribute("open")));
  }
  addEventListener("keydown", (event) => {
    const [menu] = opened();
    if (event.key !== "Escape" || !menu) return;
    event.stopImmediatePropagation();
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }, { capture: true });
}
