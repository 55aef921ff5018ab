// The department's service worker: shows a push message while the page is closed, and leads to the board.
// It caches nothing and answers no request. A message names an ambulance and the hospital, never a patient.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("push", (event) => {
  const { title, text, address } = event.data?.json() ?? {};
  event.waitUntil(registration.showNotification(title ?? "Onboard", { body: text ?? "", tag: "alert", renotify: true, requireInteraction: true, data: { address } }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const open = async () => {
    const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const board = windows.find((one) => new URL(one.url).pathname === "/ed/");
    return board ? board.focus() : clients.openWindow("/ed/");
  };
  event.waitUntil(open());
});
