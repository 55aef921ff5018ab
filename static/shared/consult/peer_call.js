// One call: every party talks to every other directly (WebRTC), by a relay, or over the hub when neither is found.
// The server tells who is who; two fixed places for sound and picture need no new agreement when a camera comes or goes.

import { openFeed } from "../feed.js";
import { needsHub, offers, shownWay, wayOf } from "./call_rules.js";
import { openHubVoice } from "./hub_voice.js";

const BEAT_MS = 2000;
const LOOK_MS = 500;
const VOICE = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } };

/**
 * Returns {mute, hold, camera, state, close, stats}. onChange(state) after every change:
 * {link, microphone, muted, held, camera, hub, peers: {party: {way, video, muted, held}}}.
 */
export function openCall({ consultId, missionId, onChange }) {
  const nonce = crypto.randomUUID();
  const said = new Map(); // party → what it last said of itself, also before it was met
  const peers = new Map(); // party → {connection, nonce, way, since_ms, audio, video, …}
  const own = { microphone: "asking", muted: false, held: false, camera: false, link: "connecting" };
  let me = null;
  let servers = [];
  let policy = "all";
  let voice = null; // the microphone's track
  let picture = null; // the camera's
  let hub = null;
  let needing = false; // whether this side hears or is heard no other way
  let closed = false;

  const microphone = navigator.mediaDevices
    ?.getUserMedia(VOICE)
    .then((stream) => {
      [voice] = stream.getAudioTracks();
      if (closed) return voice.stop();
      own.microphone = "on";
      for (const peer of peers.values()) give(peer);
      tell();
    })
    .catch(() => {
      own.microphone = "refused";
      tell();
    });
  if (!microphone) own.microphone = "refused";

  function snapshot() {
    const shown = {};
    for (const [party, peer] of peers) shown[party] = { way: shownWay(peer, Boolean(hub)), video: peer.video, muted: peer.muted, held: peer.held, camera: peer.camera };
    return { ...own, hub: Boolean(hub), peers: shown };
  }

  const tell = () => closed || onChange(snapshot());
  const say = (message) => feed.send(message);
  const sayState = () => say({ t: "state", muted: own.muted, held: own.held, camera: own.camera, path: needing ? "hub" : "" });

  const HEAR = {
    welcome({ you, ice_servers, relay_only }) {
      me = you;
      servers = ice_servers;
      policy = relay_only ? "relay" : "all";
      say({ t: "hello", nonce });
    },
    hello({ from, nonce: theirs }) {
      meet(from, theirs);
      say({ t: "here", to: from, nonce });
      sayState();
    },
    here({ from, nonce: theirs }) {
      meet(from, theirs);
      sayState(); // muted or on hold before anybody was there to hear of it
    },
    bye({ from }) {
      said.delete(from);
      part(from);
    },
    async offer({ from, sdp }) {
      const peer = peers.get(from);
      if (!peer) return;
      await peer.connection.setRemoteDescription({ type: "offer", sdp });
      await addWaiting(peer);
      for (const transceiver of peer.connection.getTransceivers()) transceiver.direction = "sendrecv";
      give(peer);
      await peer.connection.setLocalDescription();
      say({ t: "answer", to: from, sdp: peer.connection.localDescription.sdp });
    },
    async answer({ from, sdp }) {
      const peer = peers.get(from);
      if (!peer) return;
      await peer.connection.setRemoteDescription({ type: "answer", sdp });
      await addWaiting(peer);
    },
    ice({ from, candidate }) {
      const peer = peers.get(from);
      if (!peer) return undefined;
      // A candidate may come before the answer that it belongs to.
      if (!peer.connection.remoteDescription) return void peer.candidates.push(candidate);
      return peer.connection.addIceCandidate(candidate).catch(() => undefined);
    },
    state({ from, muted, held, camera, path }) {
      said.set(from, { muted: Boolean(muted), held: Boolean(held), camera: Boolean(camera), overHub: path === "hub" });
      const peer = peers.get(from);
      if (!peer) return;
      Object.assign(peer, said.get(from));
      tell();
    },
  };

  async function addWaiting(peer) {
    const waiting = peer.candidates.splice(0);
    for (const candidate of waiting) await peer.connection.addIceCandidate(candidate).catch(() => undefined);
  }

  // One after the other: a candidate must not overtake the offer that it belongs to.
  let hearing = Promise.resolve();
  function hear(message) {
    hearing = hearing.then(() => HEAR[message.t]?.(message)).catch((error) => console.warn("call:", error.name));
  }

  // Only now: a feed says at once that it connects.
  const feed = openFeed({
    path: `/live/consults/${consultId}/`,
    onMessage: hear,
    onLink: (link) => {
      own.link = link;
      tell();
    },
  });

  function meet(party, theirs) {
    const known = peers.get(party);
    if (known?.nonce === theirs) return;
    if (known) part(party); // the page was loaded again
    const connection = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: policy });
    const audio = new Audio();
    audio.autoplay = true;
    const peer = { party, nonce: theirs, connection, audio, way: "connecting", since_ms: Date.now(), video: null, muted: false, held: false, camera: false, candidates: [], ...said.get(party) };
    peers.set(party, peer);
    connection.onicecandidate = ({ candidate }) => candidate && say({ t: "ice", to: party, candidate: candidate.toJSON() });
    connection.ontrack = ({ track }) => {
      const stream = new MediaStream([track]);
      if (track.kind === "audio") {
        audio.srcObject = stream;
        audio.muted = own.held;
        audio.play().catch(() => undefined);
      } else peer.video = stream;
      tell();
    };
    connection.onconnectionstatechange = () => look(peer);
    if (offers(me, party)) {
      connection.addTransceiver("audio", { direction: "sendrecv" });
      connection.addTransceiver("video", { direction: "sendrecv" });
      give(peer);
      offer(peer);
    }
    tell();
  }

  async function offer(peer, restart = false) {
    if (restart) peer.connection.restartIce();
    await peer.connection.setLocalDescription();
    say({ t: "offer", to: peer.party, sdp: peer.connection.localDescription.sdp });
  }

  /** The tracks that there are, in their two places. */
  function give({ connection }) {
    const [sound, video] = connection.getTransceivers();
    if (sound && voice) sound.sender.replaceTrack(voice);
    if (video) video.sender.replaceTrack(picture);
  }

  function part(party) {
    const peer = peers.get(party);
    if (!peer) return;
    peer.connection.close();
    peer.audio.srcObject = null;
    peers.delete(party);
    tell();
  }

  async function look(peer) {
    const { connectionState } = peer.connection;
    const pair = connectionState === "connected" ? await usedPair(peer.connection) : [];
    const way = wayOf(connectionState, ...pair);
    if (way === peer.way) return;
    if (way === "lost" && offers(me, peer.party) && connectionState === "failed") offer(peer, true).catch(() => undefined);
    if (peer.way !== "lost" || way !== "connecting") peer.since_ms = Date.now();
    peer.way = way;
    tell();
  }

  function openHub() {
    if (hub || closed) return;
    hub = openHubVoice({ missionId, consultId, track: voice, wanted: (party) => !["direct", "relay"].includes(peers.get(party)?.way) });
    hub.silence(own.held);
    tell();
  }

  function closeHub() {
    hub.close();
    hub = null;
    tell();
  }

  /** The hub is open while one side needs it; each tells the other whether it does. */
  const looking = setInterval(() => {
    const all = [...peers.values()];
    all.forEach(look);
    const needed = needsHub(all, Date.now()) && own.microphone !== "asking";
    if (needed !== needing) {
      needing = needed;
      sayState();
    }
    const wanted = needed || all.some((peer) => peer.overHub);
    if (wanted && !hub) openHub();
    else if (!wanted && hub) closeHub();
  }, LOOK_MS);
  // The state goes along: what was said into a broken line is said again.
  const beating = setInterval(() => {
    say({ t: "beat" });
    sayState();
  }, BEAT_MS);

  function still() {
    if (voice) voice.enabled = !own.muted && !own.held;
    if (picture) picture.enabled = !own.held;
    for (const { audio } of peers.values()) audio.muted = own.held;
    hub?.silence(own.held);
    sayState();
    tell();
  }

  return {
    get state() {
      return snapshot();
    },
    mute: (value) => ((own.muted = value), still()),
    hold: (value) => ((own.held = value), still()),
    async camera(value) {
      picture?.stop();
      picture = null;
      own.camera = false;
      if (value) {
        const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, frameRate: 15 } }).catch(() => null);
        [picture] = stream?.getVideoTracks() ?? [null];
        own.camera = Boolean(picture);
      }
      for (const peer of peers.values()) give(peer);
      still();
    },
    /** What is heard and by which way, for the screen and for tests. */
    async stats() {
      const found = {};
      for (const [party, { connection, way }] of peers) found[party] = { way, ...(await heardOver(connection)) };
      return { peers: found, hub: hub?.counts ?? null };
    },
    close() {
      closed = true;
      say({ t: "bye" });
      clearInterval(looking);
      clearInterval(beating);
      for (const party of [...peers.keys()]) part(party);
      hub?.close();
      voice?.stop();
      picture?.stop();
      feed.close();
    },
  };
}

async function usedPair(connection) {
  const stats = await connection.getStats();
  const all = [...stats.values()];
  const transport = all.find((one) => one.type === "transport" && one.selectedCandidatePairId);
  const pair = stats.get(transport?.selectedCandidatePairId);
  return [stats.get(pair?.localCandidateId)?.candidateType, stats.get(pair?.remoteCandidateId)?.candidateType];
}

async function heardOver(connection) {
  const all = [...(await connection.getStats()).values()];
  const inbound = (kind) => all.find((one) => one.type === "inbound-rtp" && one.kind === kind);
  return { packets: inbound("audio")?.packetsReceived ?? 0, energy: inbound("audio")?.totalAudioEnergy ?? 0, pictures: inbound("video")?.framesDecoded ?? 0 };
}
