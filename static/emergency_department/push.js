// Push messages to this browser while the page is closed: asked for with a button, never by itself.

import { api, ApiError } from "../shared/api.js";
import { toast } from "../shared/toast.js";

const bytesOf = (key) => Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

async function subscribe(registration) {
  const { key } = await api.get("/api/push/key/");
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  const { endpoint, keys } = made.toJSON();
  await api.post("/api/push/subscribe/", { endpoint, keys });
}

async function unsubscribe(subscription) {
  await api.post("/api/push/unsubscribe/", { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

/** The button shows whether this browser takes them; without the browser's help it is hidden. */
export async function followPush(button) {
  if (!navigator.serviceWorker || !globalThis.PushManager) return;
  const registration = await navigator.serviceWorker.register("/ed/worker.js", { scope: "/ed/" }).catch(() => null);
  if (!registration) return;
  button.hidden = false;
  const show = async () => {
    const on = Boolean(await registration.pushManager.getSubscription());
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? gettext("Push on") : gettext("Push off");
  };
  button.addEventListener("click", async () => {
    try {
      const known = await registration.pushManager.getSubscription();
      await (known ? unsubscribe(known) : subscribe(registration));
    } catch (error) {
      toast(error instanceof ApiError ? error.detail : gettext("This browser does not let push messages through."), "bad");
    }
    show();
  });
  show();
}
