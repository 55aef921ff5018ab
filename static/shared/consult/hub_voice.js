// The voice when pages cannot reach each other: Opus packets of 20 ms over the media hub.

import { api } from "../api.js";
import { Flag, Kind, pack, unpack } from "../media/frames.js";
import { openLink } from "../media/link.js";

const RATE_HZ = 48_000;
const BITRATE = 24_000;
const PARTY_BYTES = 16;
// Packets of one TCP stream come in bursts: 138 ms held 99 % of them at 2 % loss.
const BUFFER_S = 0.15;
const MOST_BEHIND_S = 0.6;

export const canSpeakOverHub = () => "AudioEncoder" in globalThis && "MediaStreamTrackProcessor" in globalThis;

const idOf = (bytes) => {
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

/** track: the microphone's, or null to listen only; wanted(party): whether this one is not heard otherwise. */
export function openHubVoice({ missionId, consultId, track, wanted, onState = () => {} }) {
  const context = new AudioContext({ sampleRate: RATE_HZ });
  const speakers = new Map(); // party → {decoder, next_s}
  const counts = { sent: 0, heard: 0, energy: 0 };
  let silent = false;
  let seq = 0;

  async function address() {
    const { hub, ticket, incident_id } = await api.get(`/api/missions/${missionId}/streams/`);
    return `${hub}/media/${incident_id}/consults/${consultId}/voice/?ticket=${encodeURIComponent(ticket)}`;
  }

  const link = openLink({ address, onWords: () => {}, onBytes: hear, onState });

  function hear(buffer) {
    const party = idOf(new Uint8Array(buffer, 0, PARTY_BYTES));
    const { payload, capture_ms } = unpack(buffer.slice(PARTY_BYTES));
    counts.heard += 1;
    if (silent || !wanted(party)) return;
    const speaker = speakers.get(party) ?? speakerOf(party);
    if (speaker.decoder.decodeQueueSize < 50) speaker.decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: capture_ms * 1000, data: payload }));
  }

  function speakerOf(party) {
    const speaker = { next_s: 0, decoder: null };
    speaker.decoder = new AudioDecoder({ output: (sound) => play(speaker, sound), error: () => speakers.delete(party) });
    speaker.decoder.configure({ codec: "opus", sampleRate: RATE_HZ, numberOfChannels: 1 });
    speakers.set(party, speaker);
    return speaker;
  }

  function play(speaker, sound) {
    const samples = new Float32Array(sound.numberOfFrames);
    sound.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
    sound.close();
    for (const sample of samples) counts.energy += sample * sample;
    const now_s = context.currentTime;
    if (speaker.next_s < now_s) speaker.next_s = now_s + BUFFER_S;
    if (speaker.next_s - now_s > MOST_BEHIND_S) return; // late: better a gap than a talk half a minute behind
    const buffer = context.createBuffer(1, samples.length, RATE_HZ);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(speaker.next_s);
    speaker.next_s += buffer.duration;
  }

  let own = null;
  let reader = null;
  if (track && canSpeakOverHub()) speak();

  async function speak() {
    own = track.clone();
    const encoder = new AudioEncoder({
      output: (chunk) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        seq += 1;
        if (track.enabled && link.open()) {
          link.send(pack(Kind.SOUND, seq, Date.now(), Flag.LIVE_ONLY, data));
          counts.sent += 1;
        }
      },
      error: () => {},
    });
    reader = new MediaStreamTrackProcessor({ track: own }).readable.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (encoder.state === "unconfigured") encoder.configure({ codec: "opus", sampleRate: value.sampleRate, numberOfChannels: value.numberOfChannels, bitrate: BITRATE });
      encoder.encode(value);
      value.close();
    }
    if (encoder.state !== "closed") encoder.close();
  }

  return {
    counts,
    isOpen: () => link.open(),
    silence: (value) => (silent = value),
    close() {
      reader?.cancel();
      own?.stop();
      link.close();
      for (const { decoder } of speakers.values()) if (decoder.state !== "closed") decoder.close();
      context.close();
    },
  };
}
