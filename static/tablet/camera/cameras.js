// This tablet's cameras: which run, how their link is, who watches. One publisher a camera, kept while panels come and go.
// A recorder joins by whenCameraStarts(): it is given the camera's track at once, also where there is no network; and the
// microphone's, where the crew wants sound in the record and the patient agreed. Sound never goes live from here.

import { api, ApiError, uuid } from "../../shared/api.js";
import { openPublisher } from "../../shared/media/publisher.js";
import { toast } from "../../shared/toast.js";
import { mayKeepSound } from "./camera_rules.js";

const TRY_AGAIN_MS = 2000;
const SIZES = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } };
const recorders = [];

/** start({stream, mission, track, sound, about}); sound: a track or null → {stop(), policy(recording, consent), rate(lag_ms of the live picture)}: called for every camera that starts. */
export const whenCameraStarts = (start) => recorders.push(start);

/** The publisher of a stream that runs here, for drawing on its pictures: {pictureAt(seq)}; null when it does not run. */
export const publisherOf = (stream) => running.get(stream)?.publisher ?? null;

const running = new Map();

export async function listCameras() {
  try {
    (await navigator.mediaDevices.getUserMedia({ video: true })).getTracks().forEach((track) => track.stop()); // else they have no names
  } catch {
    return [];
  }
  return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput").map(({ deviceId, label }) => ({ deviceId, label }));
}

export function createCameras(store) {
  const shown = () => store.state.cameras ?? [];
  const put = (cameras) => store.dispatch({ t: "set", values: { cameras } });
  const change = (stream, values) => put(shown().map((one) => (one.stream === stream ? { ...one, ...values } : one)));

  function hear(stream, data) {
    if (data.t === "link") change(stream, { link: data.state });
    else if (data.t === "rate") {
      for (const recorder of running.get(stream)?.recorders ?? []) recorder?.rate?.(data.lag_ms);
      const now = shown().find((one) => one.stream === stream);
      if (now && (now.step !== data.step || Math.abs(now.kbps - data.kbps) >= 50)) change(stream, { step: data.step, kbps: data.kbps });
    } else if (data.t === "watching") change(stream, { people: data.people });
    else if (data.t === "refused" || data.t === "failed") toast(gettext("The camera cannot send its pictures."), "bad");
    else if (data.t === "camera_gone") stop(stream);
  }

  /** The microphone, for the record alone; null where it is not wanted, not allowed, or not there. */
  async function soundFor(about) {
    if (!about.sound || !mayKeepSound(about)) return null;
    try {
      return (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks()[0];
    } catch {
      toast(gettext("The microphone cannot be opened: the film has no sound."), "bad");
      return null;
    }
  }

  /** about: {role, label, device, recording, consent, sound}. */
  async function start(mission, about) {
    const deviceId = about.device ? { exact: about.device } : undefined;
    let track;
    try {
      [track] = (await navigator.mediaDevices.getUserMedia({ video: { deviceId, ...SIZES } })).getVideoTracks();
    } catch {
      toast(gettext("No camera can be opened. Is another program using it?"), "bad");
      return;
    }
    const stream = uuid();
    const { sound: wantsSound, ...said } = about; // what the hub is told of a camera is its picture
    const sound = await soundFor(about);
    const one = { track, sound, publisher: null, recorders: recorders.map((begin) => begin({ stream, mission: mission.id, track, sound, about: said })), ended: false };
    running.set(stream, one);
    track.addEventListener("ended", () => stop(stream));
    put([...shown(), { stream, mission: mission.id, ...said, sound: Boolean(sound), link: "connecting", step: "hd", kbps: 0, people: [], since: new Date().toISOString() }]);
    goLive(stream, mission, said);
  }

  /** Until the platform says where the pictures go; recording does not wait for it. */
  async function goLive(stream, mission, about) {
    const one = running.get(stream);
    if (!one || one.ended) return;
    const place = await api.get(`/api/missions/${mission.id}/streams/`).catch((error) => error);
    if (place instanceof ApiError && place.status && place.status < 500) return toast(place.detail, "bad");
    if (place instanceof Error) {
      change(stream, { link: "lost" });
      setTimeout(() => goLive(stream, mission, about), TRY_AGAIN_MS);
      return;
    }
    if (one.ended) return;
    one.publisher = openPublisher({ place, mission: mission.id, stream, track: one.track, about, onChange: (data) => hear(stream, data) });
  }

  function stop(stream) {
    const one = running.get(stream);
    if (!one || one.ended) return;
    one.ended = true;
    running.delete(stream);
    for (const recorder of one.recorders) recorder?.stop?.();
    one.sound?.stop();
    if (one.publisher) one.publisher.stop();
    else one.track.stop();
    put(shown().filter((row) => row.stream !== stream));
  }

  function policy(stream, recording, consent) {
    const kept = consent === "refused" ? "off" : recording;
    const one = running.get(stream);
    one?.publisher?.policy(kept, consent);
    for (const recorder of one?.recorders ?? []) recorder?.policy?.(kept, consent);
    change(stream, { recording: kept, consent });
  }

  return { start, stop, policy, trackOf: (stream) => running.get(stream)?.track ?? null };
}
