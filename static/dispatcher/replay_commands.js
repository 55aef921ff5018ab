// Replaying a track: choose the range, fetch it, let it run.

import { api, orToast } from "../shared/api.js";
import { instantOf } from "../shared/centre_time.js";
import { now_ms } from "../shared/time.js";
import { advance, nextStatus, readTrack } from "./replay.js";

const DEFAULT_MS = 3_600_000;
const LONGEST_MS = 86_400_000;
const TICK_MS = 100;

export function createReplayCommands({ store, map, focus }) {
  const set = (values) => store.state.replay && store.dispatch({ t: "set", values: { replay: { ...store.state.replay, ...values } } });
  let timer = null;

  async function openReplay(unit) {
    const ends = new Date(now_ms()).toISOString();
    const begins = new Date(now_ms() - DEFAULT_MS).toISOString();
    store.dispatch({ t: "set", values: { replay: { unit, begins, ends, missions: [], missionId: "", track: null, at_ms: Date.parse(begins), speed: 20, playing: false } } });
    focus.field("replay-mission");
    const missions = await orToast(api.get(`/api/units/${unit.id}/missions/`));
    if (!missions || store.state.replay?.unit.id !== unit.id) return;
    set({ missions });
    // The mission in view is what somebody wants to see again.
    const here = missions.find((one) => one.id === store.state.board.collections.units?.[unit.id]?.mission_id);
    return here ? chooseMission(here.id) : load();
  }

  function chooseMission(id) {
    const mission = store.state.replay.missions.find((one) => one.id === id);
    if (!mission) return set({ missionId: "" });
    const begins = Date.parse(mission.begins);
    const ends = Math.min(Date.parse(mission.ends ?? new Date(now_ms()).toISOString()), begins + LONGEST_MS);
    set({ missionId: id, begins: mission.begins, ends: new Date(Math.max(ends, begins + 1000)).toISOString() });
    return load();
  }

  /** text: what the field says, on the centre's wall clock. */
  function chooseRange(name, text) {
    const at = instantOf(text, document.documentElement.dataset.timeZone);
    if (at) set({ [name]: at, missionId: "" });
  }

  async function load() {
    const { unit, begins, ends } = store.state.replay;
    set({ loading: true, playing: false });
    const answer = await orToast(api.get(`/api/units/${unit.id}/track/?begins=${encodeURIComponent(begins)}&ends=${encodeURIComponent(ends)}`));
    if (store.state.replay?.unit.id !== unit.id) return;
    if (!answer) return set({ loading: false });
    const track = readTrack(answer);
    track.line = track.points.map(({ lon, lat }) => [lon, lat]);
    set({ track, loading: false, at_ms: track.points[0]?.at_ms ?? Date.parse(begins) });
    if (track.line.length) map.focus(track.line, { maxZoom: 15, left: store.state.panel ? document.getElementById("work").offsetWidth : 0 });
  }

  function play() {
    const { replay } = store.state;
    if (!replay?.track) return;
    const over = replay.at_ms >= Date.parse(replay.ends);
    set({ playing: !replay.playing, at_ms: over ? Date.parse(replay.begins) : replay.at_ms });
    clearInterval(timer);
    let before = performance.now();
    timer = setInterval(() => {
      const now = performance.now();
      if (!store.state.replay?.playing) return clearInterval(timer);
      set(advance(store.state.replay, now - before));
      before = now;
    }, TICK_MS);
  }

  const seek = (at_ms) => set({ at_ms });
  const toStatus = (step) => store.state.replay?.track && seek(nextStatus(store.state.replay, step));
  const speed = (factor) => set({ speed: factor });
  const closeReplay = () => store.dispatch({ t: "set", values: { replay: null } });

  return { openReplay, chooseMission, chooseRange, loadReplay: load, playReplay: play, seekReplay: seek, toStatus, replaySpeed: speed, closeReplay };
}
