// The tablet around its screen: opens what is kept, then the board; locks, installs, reports, signs out.

import { orToast } from "../../shared/api.js";
import { openFeed } from "../../shared/feed.js";
import { showLink } from "../../shared/link.js";
import { me } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { createLock } from "../lock/lock.js";
import { oldestWaiting, waiting } from "../queue_rules.js";
import { openVault } from "../vault/vault.js";
import { install } from "./install.js";
import { createReport } from "./report.js";

const BOARD = "board";
const KEEP_EVERY_MS = 3_000;

/** The board goes to the disk, sealed, some seconds after it changed, and when the tablet is put down. */
function keepBoard(vault, store) {
  let kept = null;
  let timer = null;
  function keep() {
    clearTimeout(timer);
    timer = null;
    const { board } = store.state;
    if (!vault.open || !board.ready || board.cursor === null || board.cursor === kept) return;
    kept = board.cursor;
    vault.keep(BOARD, { board, at: nowIso() }).catch((error) => vault.open && Promise.reject(error));
  }
  store.subscribe((state) => {
    if (state.board.cursor !== kept) timer ??= setTimeout(keep, KEEP_EVERY_MS);
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());
}

/** Returns {lock, take, leave}: what the bar's buttons do. The store's `lock` says what covers the screen. */
export async function openWorkplace({ store, queue, onVault = () => {} }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const cover = (mode) => lock.cover(mode);
  let feed = null;
  let kept_ms = null;
  let report = null;

  const vault = await openVault({ userId: me().id, onWipe: () => report.wipe() });

  function openBoard() {
    feed?.close();
    const onLink = (link, heard_ms) => showLink(link, link === "lost" ? heard_ms ?? kept_ms : heard_ms);
    feed = openFeed({ path: "/live/tablet/", onMessage: store.dispatch, onLink, since: () => store.state.board.cursor });
  }

  async function onOpen() {
    // Both before anything is shown: drawn once, not twice.
    const [before] = await Promise.all([vault.kept(BOARD), queue.open(vault)]);
    if (before && !(store.state.board.ready && store.state.board.cursor !== null)) {
      kept_ms = Date.parse(before.at);
      store.dispatch({ t: "restored", board: before.board });
    }
    set({ lock: null, hasPin: vault.hasPin });
    openBoard();
    onVault(vault);
  }

  const lock = createLock({ vault, store, onOpen, onLock: () => queue.close() });
  report = createReport({
    vault,
    queue,
    onWiping: cover,
    state: () => ({ waiting: waiting(store.state.jobs).length, oldest_waiting_at: oldestWaiting(store.state.jobs), storage_low: store.state.storageLow }),
  });
  keepBoard(vault, store);

  const way = isSecureContext ? await vault.start() : "insecure"; // plain HTTP: no worker, no WebCrypto
  if (way === "open") await onOpen();
  else if (way === "signed_out") location.replace("/login/?signed_out=1&next=/tablet/");
  else {
    await cover(way);
    if (way !== "insecure") openBoard(); // alarms sound on a locked tablet, too
    if (way === "nothing") addEventListener("online", () => location.reload());
  }
  document.documentElement.dataset.opened = String(Math.round(performance.now()));

  const installed = install({ onUpdate: () => set({ updateWaits: true }), onStorage: (storageLow) => set({ storageLow }) });
  const leave = (form, anyhow = false) =>
    orToast(
      report.leave({ anyhow }).then((gone) => {
        if (gone) form.submit();
        else set({ sheet: "leave", left: queue.unsent() || store.state.lock?.waiting || 1 });
      }),
    );
  return { ...lock, leave, take: async () => (await installed).take() };
}
