// One person's database on this tablet. Rows are sealed before they come here; this file only keeps them.
// jobs: {number, iv, sealed}, in the order of writing. kept: {name, iv, sealed}. meta: wrapped keys and counts, no content.

const PREFIX = "onboard-vault-";
const STORES = { jobs: { keyPath: "number", autoIncrement: true }, kept: { keyPath: "name" }, meta: { keyPath: "name" } };

export const asPromise = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function openStore(userId) {
  const request = indexedDB.open(PREFIX + userId, 1);
  request.onupgradeneeded = () => Object.entries(STORES).forEach(([name, how]) => request.result.createObjectStore(name, how));
  const database = await asPromise(request);
  database.onversionchange = () => database.close(); // another tab wipes

  const read = (name, work) => asPromise(work(database.transaction(name, "readonly").objectStore(name)));

  /** Resolves when the disk has it, not when the browser means to write it. */
  function write(name, work) {
    const transaction = database.transaction(name, "readwrite", { durability: "strict" });
    const requests = work(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(requests.map((one) => one.result));
      transaction.onabort = () => reject(transaction.error);
    });
  }

  return {
    all: (name) => read(name, (store) => store.getAll()),
    keys: (name) => read(name, (store) => store.getAllKeys()),
    get: (name, key) => read(name, (store) => store.get(key)),
    count: (name) => read(name, (store) => store.count()),
    /** Returns the keys. */
    add: (name, rows) => write(name, (store) => rows.map((row) => store.add(row))),
    put: (name, rows) => write(name, (store) => rows.map((row) => store.put(row))),
    delete: (name, keys) => write(name, (store) => keys.map((key) => store.delete(key))),
    close: () => database.close(),
  };
}

/** Everything that anybody kept on this tablet. */
export async function destroyAll() {
  const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith("onboard-"));
  await Promise.all(names.map((name) => asPromise(indexedDB.deleteDatabase(name))));
}

export const destroy = (userId) => asPromise(indexedDB.deleteDatabase(PREFIX + userId));

/** What an earlier version kept in the clear: its jobs, and then nothing. */
export async function takeEarlier(userId, take) {
  const name = `onboard-tablet-${userId}`;
  if (!(await indexedDB.databases()).some((one) => one.name === name)) return;
  const database = await asPromise(indexedDB.open(name));
  const jobs = database.objectStoreNames.contains("jobs") ? await asPromise(database.transaction("jobs").objectStore("jobs").getAll()) : [];
  database.close();
  if (jobs.length) await take(jobs.map(({ number, ...job }) => job));
  await asPromise(indexedDB.deleteDatabase(name));
}
