// What a tap does. Writes go into the queue with an id and a time made here, at the tap.

import { api, ApiError, orToast, uuid } from "../shared/api.js";
import { toast } from "../shared/toast.js";
import { now_ms, nowIso } from "../shared/time.js";
import { withdrawal } from "../shared/record/entries.js";
import { handoverOf, nearestFirst } from "./tablet_state.js";

const UNDO_MS = 10_000;
// These open or end something for other people: they cannot be taken back.
const FINAL = new Set(["on_board", "handed_over", "available", "declined", "no_patient", "refused", "dead_on_scene", "treated_and_released"]);

/** The content of a file as base64, without its head "data:…,". */
const base64Of = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

export function createCommands({ store, queue }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const post = (kind, mission, path, body) => queue.put({ kind, missionId: mission.id, method: "post", path: `/api/missions/${mission.id}/${path}/`, body });

  function fact(mission, name, reason = "") {
    const body = { id: uuid(), fact: name, occurred_at: nowIso(), reason };
    post("fact", mission, "facts", body);
    set({ sheet: null });
    offerUndo(FINAL.has(name) ? null : { missionId: mission.id, factId: body.id, fact: name });
  }

  function offerUndo(last) {
    const undo = last && { ...last, until_ms: now_ms() + UNDO_MS };
    set({ undo });
    if (undo) setTimeout(() => store.state.undo === undo && set({ undo: null }), UNDO_MS);
  }

  const unsent = (kind, id) => store.state.jobs.find((one) => one.kind === kind && one.body.id === id && !one.sent);

  /** What has not left the tablet is simply not sent; the rest is taken back at the server. */
  async function undo() {
    const last = store.state.undo;
    set({ undo: null });
    if (last?.rows) return undoWritten(last);
    if (!last) return;
    const job = unsent("fact", last.factId);
    if (job && (await queue.drop(job))) return;
    queue.put({ kind: "undo", missionId: last.missionId, factId: last.factId, method: "delete", path: `/api/missions/${last.missionId}/facts/${last.factId}/` });
  }

  async function undoWritten({ missionId, rows }) {
    const left = [];
    for (const row of rows) {
      const job = unsent("entry", row.id);
      if (!job || !(await queue.drop(job))) left.push(withdrawal({ element: row.element, group: row.group, heads: [row] }, nowIso()));
    }
    if (left.length) await queue.putAll(left.map((body) => entryJob(missionId, body)));
  }

  const entryJob = (missionId, body) => ({ kind: "entry", missionId, method: "post", path: `/api/missions/${missionId}/entries/`, body });

  /** The statements of one tap, kept together or not at all; for some seconds they can be taken back. */
  function write(mission, rows) {
    if (!rows.length) return;
    queue.putAll(rows.map((body) => entryJob(mission.id, body)));
    offerUndo({ missionId: mission.id, rows });
  }

  /** What lies over the record's tabs. */
  const open = (name, more = {}) => set({ panel: { name, ...more } });
  const close = () => set({ panel: null });
  const change = (values) => set({ panel: { ...store.state.panel, ...values } });

  const assume = (mission, who) => set({ assumed: { ...store.state.assumed, [mission.id]: who } });

  /** The record as the server judges it now; without a network the last answer stays. */
  async function check(mission) {
    const path = `/api/missions/${mission.id}/record/`;
    let offline = false;
    const ask = (one) => api.get(one).catch((error) => {
      offline ||= error.status === 0;
      return null;
    });
    const [record, official] = await Promise.all([ask(path), ask(`${path}findings/`)]);
    if (record) set({ checked: { ...record, official, missionId: mission.id, at: nowIso() }, unchecked: null });
    else if (offline) set({ unchecked: mission.id });
  }

  function entry(mission, element, values = {}) {
    post("entry", mission, "entries", { id: uuid(), element, value: "", unit: "", route: "", occurred_at: nowIso(), ...values });
    set({ dose: null });
  }

  /** Nothing is erased: the slip is replaced by the statement that it was not done. */
  const notDone = (mission, row) => entry(mission, row.element, { pertinent_negative: "not_performed", replaces: row.id });

  /** A file of the mission, kept in the queue like every statement; resolves to its id when the tablet has it. */
  async function bring(mission, path, blob, name) {
    const id = uuid();
    const body = { id, occurred_at: nowIso() };
    await queue.put({ kind: "file", missionId: mission.id, method: "post", path: `/api/missions/${mission.id}/${path}/`, body, file: { name, type: blob.type, base64: await base64Of(blob) } });
    return id;
  }

  async function bringEcg(mission, input) {
    const [file] = input.files;
    if (!file) return;
    input.value = "";
    await bring(mission, "ecgs", file, file.name);
    toast(gettext("ECG kept, it is being sent."));
  }

  const patient = (mission, body) => queue.put({ kind: "patient", missionId: mission.id, method: "put", path: `/api/missions/${mission.id}/patient/`, body });

  async function chooseHospital(mission) {
    set({ sheet: "hospitals", hospitals: null, hospitalId: null });
    try {
      const hospitals = await api.get(`/api/missions/${mission.id}/hospitals/`);
      const alerted = handoverOf(store.state, mission);
      const known = alerted && !["redirected", "cancelled"].includes(alerted.state) ? alerted.hospital_id : null;
      set({ hospitals, hospitalId: known ?? hospitals.find((row) => row.recommended)?.hospital_id ?? hospitals[0]?.hospital_id });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The patient is on board whatever the network says: offer what the tablet knows, nearest first.
      set({ hospitals: nearestFirst(store.state), hospitalId: null, hospitalsNote: error.detail });
    }
  }

  function board(mission, hospitalId) {
    post("fact", mission, "board", { id: uuid(), fact: "on_board", occurred_at: nowIso(), hospital_id: hospitalId });
    set({ sheet: null, undo: null });
  }

  /** Kept in the queue like every word of the crew: the suspicion and its ticks by kind, whoever opened it first. */
  const pathway = (missionId, kind, what, body) => queue.put({ kind: "pathway", pathway: kind, what, missionId, method: "post", path: `/api/missions/${missionId}/pathways/${kind}/${what}/`, body });
  const pathways = {
    open: (missionId, kind) => pathway(missionId, kind, "open", { id: uuid() }),
    tick: (row, item, answer) => pathway(row.mission_id, row.kind, "tick", { id: uuid(), item, answer, occurred_at: nowIso() }),
    callTeam: (row, team) => pathway(row.mission_id, row.kind, "team", { team }),
    end: (row, reason, discard) => pathway(row.mission_id, row.kind, "end", { reason, discard }),
    standDown: (team) => orToast(api.post(`/api/teams/${team.id}/stand-down/`)),
  };

  /** The hospital is told before the patient is on board; the same alert goes on afterwards. */
  async function choosePrealert(mission) {
    await chooseHospital(mission);
    set({ sheet: "prealert" });
  }

  function prealert(mission, hospitalId) {
    post("prealert", mission, "prealert", { hospital_id: hospitalId });
    set({ sheet: null });
  }

  const told = (handover) => orToast(api.post(`/api/handovers/${handover.id}/told/`));

  /** One tap for the next step; two of them ask or sign first. */
  function next(mission, step) {
    if (step === "on_board") return chooseHospital(mission);
    if (step === "handed_over") return open("handover");
    return fact(mission, step);
  }

  /** Without a signature: it may follow. */
  const give = (mission) => post("give", mission, "handover/give", { occurred_at: nowIso() });

  /** The sheet first, then the signature under it: both are kept here until the server has them. */
  function signHandover(mission, sheet, signature) {
    post("sheet", mission, "handover/sheet", sheet);
    post("give", mission, "handover/sign", signature);
  }

  /** Not queued: a password is never kept on the tablet. True when the receiver has signed. */
  async function countersign(mission, said) {
    change({ busy: true, fault: "" });
    try {
      await api.post(`/api/missions/${mission.id}/handover/countersign/`, { id: uuid(), ...said });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      change({ busy: false, fault: error.detail });
      return false;
    }
  }

  async function followRoute(mission) {
    const route = await api.get(`/api/missions/${mission.id}/route/`).catch(() => undefined);
    if (route !== undefined) set({ route: route && { ...route, missionId: mission.id } });
  }

  /** Not queued: an alarm seen an hour late was not seen. */
  const acknowledge = (alarm) => orToast(api.post(`/api/alarms/${alarm.id}/acknowledge/`));

  /** Not queued either: an answer that comes an hour late is none. */
  const safe = (check) => orToast(api.post(`/api/crew-checks/${check.id}/answer/`));

  /** The crew rests, or a device fails: kept in the queue like every fact. */
  function hold(unit, kind, what) {
    const body = { id: uuid(), kind, what };
    queue.put({ kind: "hold", missionId: null, method: "post", path: `/api/units/${unit.id}/holds/`, body });
    set({ sheet: null });
  }

  /** A move in the ledger of controlled drugs: a fact, kept in the queue. */
  function moveDrug(unit, values) {
    const body = { id: uuid(), batch: "", witness: "", occurred_at: nowIso(), ...values };
    queue.put({ kind: "ledger", missionId: null, method: "post", path: `/api/units/${unit.id}/controlled-drugs/`, body });
  }

  async function openLedger(unit) {
    set({ sheet: "ledger", ledger: {} });
    const book = await api.get(`/api/units/${unit.id}/controlled-drugs/`).catch(() => null);
    if (store.state.sheet === "ledger") set({ ledger: { ...store.state.ledger, book } });
  }

  const release = (held) => queue.put({ kind: "release", missionId: null, holdId: held.id, method: "post", path: `/api/holds/${held.id}/end/` });

  return { pathways, choosePrealert, prealert, told, hold, release, moveDrug, openLedger, safe, acknowledge, set, fact, undo, entry, write, open, close, change, check, assume, notDone, bring, bringEcg, patient, chooseHospital, board, give, signHandover, countersign, next, followRoute, drop: queue.drop, mend: queue.mend, send: queue.send };
}
