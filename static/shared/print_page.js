// The page's own button for the browser's printing.

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
