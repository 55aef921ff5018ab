// The tablet's own installation: its worker, its place on the disk, and when a new version is taken.

const LOOK_MS = 15 * 60_000;
const STORAGE_MS = 60_000;
const LEAST_FREE = 50 * 1024 * 1024;

export const isLow = ({ usage = 0, quota = 0 }) => quota - usage < LEAST_FREE;

/** Order the worker about; resolves when it is done, at once without one. */
export function tell(order, worker = navigator.serviceWorker?.controller) {
  if (!worker) return Promise.resolve();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    setTimeout(resolve, 3000);
    worker.postMessage({ t: order }, [port2]);
  });
}

/** The first opening passed the worker by: what it shows is fetched once more, to be kept. */
async function keepScreen() {
  const words = document.querySelector("script[src^='/jsi18n/']").getAttribute("src");
  const shown = [location.pathname, words, "/map/style.json?theme=light", "/map/style.json?theme=dark", "/map/roads.json", "/api/record/catalogue/", "/api/record/forms/", "/api/record/formulary/"];
  await Promise.all(shown.map((address) => fetch(address, { credentials: "same-origin" }).catch(() => undefined)));
  document.documentElement.dataset.kept = "yes";
}

/** Returns {take}. onUpdate(): a new version waits; onStorage(low). */
export async function install({ onUpdate, onStorage }) {
  const workers = navigator.serviceWorker;
  if (!workers) return { take: () => location.reload() };
  let taking = false;
  const first = !workers.controller;
  workers.addEventListener("controllerchange", () => (taking ? location.reload() : first && keepScreen()));
  if (!first) document.documentElement.dataset.kept = "yes";
  const registration = await workers.register("/tablet/worker.js", { scope: "/tablet/", updateViaCache: "none" });
  const look = () => registration.waiting && workers.controller && onUpdate();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  look();
  setInterval(() => registration.update().catch(() => undefined), LOOK_MS);

  await navigator.storage?.persist?.();
  const weigh = async () => onStorage(isLow((await navigator.storage?.estimate?.()) ?? { quota: Infinity }));
  setInterval(weigh, STORAGE_MS);
  weigh();
  return {
    take: () => {
      taking = true;
      registration.waiting?.postMessage({ t: "take" });
    },
  };
}
