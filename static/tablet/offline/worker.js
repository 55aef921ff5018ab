// The tablet's service worker: its files from the cache, its screen from the network first, live values never.
// RELEASE {name, files: {address: SHA-256}} is written above by the server. Nothing outside /tablet/ is its business,
// and nothing that names a patient ever comes into its caches: of /api/ only the tables that records are written by.

const FILES = `tablet-files-${RELEASE.name}`;
const SCREEN = "tablet-screen"; // the shell, its words and the map's style: as last seen
const TILES = "tablet-tiles";
const MOST_TILES = 2000; // some 40 MB of the streets that were driven
const SHELL = "/tablet/";
const AS_LAST_SEEN = ["/jsi18n/", "/map/style.json", "/map/roads.json", "/api/record/catalogue/", "/api/record/forms/", "/api/record/formulary/", "/api/record/code-lists/", "/api/pathways/"];

const foreign = new Set(); // windows whose screen is of another version: they get its files from the server

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function keepFile(cache, address, hash) {
  const earlier = await caches.match(address, { ignoreVary: true });
  for (const found of [earlier, null]) {
    const response = found ?? (await fetch(address, { cache: "no-cache" }));
    const bytes = await response.arrayBuffer();
    if (response.ok && hex(await crypto.subtle.digest("SHA-256", bytes)) === hash) return cache.put(address, new Response(bytes, { headers: { "Content-Type": response.headers.get("Content-Type") } }));
  }
  throw new Error(`${address} is not the one of version ${RELEASE.name}`);
}

async function install() {
  const cache = await caches.open(FILES);
  await Promise.all(Object.entries(RELEASE.files).map(([address, hash]) => keepFile(cache, address, hash)));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("tablet-files-") && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

/** The server's answer, kept under its address; without a network the last one. */
async function networkFirst(request, key, worthKeeping = () => true) {
  const cache = await caches.open(SCREEN);
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected && worthKeeping(response)) await cache.put(key, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(key, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

/** A screen of another version is shown with the server's files, and kept by the worker of that version. */
const screen = (event) =>
  networkFirst(event.request, SHELL, (response) => {
    const release = response.headers.get("X-Release");
    if (release === RELEASE.name) return true;
    if (event.resultingClientId) foreign.add(event.resultingClientId);
    registration.update();
    return false;
  });

let files = null;

// By the bare address: to look past what follows a question mark, the browser would read the whole cache.
async function file(request, pathname) {
  files ??= caches.open(FILES);
  return (await (await files).match(pathname, { ignoreVary: true })) ?? fetch(request);
}

async function tile(event) {
  const cache = await caches.open(TILES);
  const kept = await cache.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.status === 200) event.waitUntil(keepTile(cache, event.request, response.clone()));
  return response;
}

/** The oldest make room: a cache lists its keys in the order in which they came. */
async function keepTile(cache, request, response) {
  await cache.put(request, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_TILES)).map((key) => cache.delete(key)));
}

function answer(event) {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return null;
  if (pathname === SHELL) return screen(event);
  if (mode === "navigate") return null;
  if (AS_LAST_SEEN.includes(pathname)) return networkFirst(event.request, pathname + search);
  if (pathname.startsWith("/tiles/")) return tile(event);
  return RELEASE.files[pathname] && !foreign.has(event.clientId) ? file(event.request, pathname) : null;
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const response = answer(event);
  if (response) event.respondWith(response);
});

// The keys are in the pages' memory, so a page sends; the worker only wakes it.
addEventListener("sync", (event) => event.waitUntil(clients.matchAll().then((all) => all.forEach((one) => one.postMessage({ t: "send" })))));

const ORDERS = {
  take: () => skipWaiting(),
  // Signed out or wiped: the screen names the person who was here.
  forget: () => caches.delete(SCREEN),
  wipe: () => Promise.all([SCREEN, TILES].map((name) => caches.delete(name))),
};
addEventListener("message", (event) => event.waitUntil(Promise.resolve(ORDERS[event.data?.t]?.()).then(() => event.ports[0]?.postMessage("done"))));
