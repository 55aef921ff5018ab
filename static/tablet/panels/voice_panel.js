// A voice note: held or tapped to record, Opus, kept like every statement; it says what it is about.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { group, groupsOf } from "../../shared/record/entries.js";
import { soundOf } from "../../shared/record/media_view.js";
import { nowIso } from "../../shared/time.js";
import { toast } from "../../shared/toast.js";
import { placesOf } from "../tablet_state.js";
import { answers, panel } from "./frame.js";
import { HELD_MS, LONGEST_S, spoken, suited } from "./voice_rules.js";

const ABOUT = {
  note: () => gettext("The whole patient"),
  complaint: () => gettext("Complaint"),
  event: () => gettext("What happened"),
  scene: () => gettext("Scene"),
  handover: () => gettext("For the hospital"),
};

let recording = null; // {recorder, chunks, began_ms, mission, about}: one at a time, kept while panels are drawn

async function begin(state, mission, act) {
  if (recording) return;
  recording = { starting: true };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    const recorder = new MediaRecorder(stream, { mimeType: suited((kind) => MediaRecorder.isTypeSupported(kind)), audioBitsPerSecond: 24_000 });
    const chunks = [];
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    recorder.start(1000);
    const limit = setTimeout(() => finish(state, mission, act), LONGEST_S * 1000);
    const { about = "note", aboutWords = null } = state.panel;
    const abandoned = recording?.abandoned;
    recording = { recorder, chunks, stream, began_ms: Date.now(), at: nowIso(), about: aboutWords ?? ABOUT[about]?.() ?? about, limit };
    act.change({ recording: recording.at });
    if (abandoned) await finish(state, mission, act);
  } catch {
    recording = null;
    act.change({ recording: null });
    toast(gettext("No microphone can be opened. Is it allowed?"), "bad");
  }
}

async function finish(state, mission, act, { keep = true } = {}) {
  if (!recording) return;
  if (recording.starting) return void (recording.abandoned = true);
  const { recorder, chunks, stream, began_ms, at, about, limit } = recording;
  recording = null;
  clearTimeout(limit);
  await new Promise((resolve) => {
    recorder.onstop = resolve;
    recorder.stop();
  });
  stream.getTracks().forEach((track) => track.stop());
  const seconds = (Date.now() - began_ms) / 1000;
  if (keep && spoken(seconds)) {
    const blob = new Blob(chunks, { type: recorder.mimeType });
    const name = `voice-${at.slice(11, 19).replaceAll(":", "")}.${recorder.mimeType.includes("mp4") ? "m4a" : "webm"}`;
    const id = await act.bring(mission, "attachments", blob, name);
    act.write(mission, group({ "attachment.kind": "audio", "attachment.reference": id, "attachment.name": name, "attachment.about": about }, at));
    toast(gettext("Voice note kept."));
  } else if (keep) toast(gettext("Too short: nothing was kept."), "bad");
  act.change({ recording: null });
}

/** Held for a moment it records while it is held; tapped it records until the next tap. */
function press(state, mission, act) {
  const began_ms = Date.now();
  const was = Boolean(recording);
  if (was) return finish(state, mission, act);
  begin(state, mission, act);
  const up = () => {
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", up);
    if (Date.now() - began_ms >= HELD_MS) finish(state, mission, act);
  };
  addEventListener("pointerup", up);
  addEventListener("pointercancel", up);
  return undefined;
}

/** panel: {name: "voice", about, aboutWords, recording, then}. */
export function voicePanel(state, mission, act) {
  const { about = "note", aboutWords = null, recording: at } = state.panel;
  const kept = groupsOf(placesOf(state, mission), "attachment").filter((one) => one.values["attachment.kind"]?.[0]?.heads[0]?.value === "audio");
  const away = async () => {
    await finish(state, mission, act, { keep: false });
    if (state.panel.then) act.set({ panel: state.panel.then });
    else act.close();
  };
  const byKey = (event) => [" ", "Enter"].includes(event.key) && !event.repeat && (event.preventDefault(), recording ? finish(state, mission, act) : begin(state, mission, act));
  return panel("voice", gettext("Voice note"), html`
    ${aboutWords ? html`<p class="voice-about">${gettext("About:")} <b>${aboutWords}</b></p>` : answers("about", gettext("What is it about?"), Object.entries(ABOUT).map(([code, text]) => [code, text()]), about, (code) => act.change({ about: code }))}
    <button type="button" class="voice-key" data-act="speak" aria-pressed=${Boolean(at)} @pointerdown=${() => press(state, mission, act)} @keydown=${byKey}>
      <b>${at ? gettext("Recording: tap to end") : gettext("Tap, or hold and speak")}</b>${at ? html`<time data-elapsed=${at}></time>` : html`<span aria-hidden="true">●</span>`}</button>
    ${at ? html`<button type="button" class="button" data-act="discard" @click=${() => finish(state, mission, act, { keep: false })}>${gettext("Throw away")}</button>` : ""}
    <ul class="voices">${kept.map((one) => html`<li><time data-at=${one.values["attachment.reference"][0].heads[0].occurred_at}></time> ${one.values["attachment.about"]?.[0]?.heads[0]?.value ?? ""} ${soundOf(one.values["attachment.reference"]?.[0]?.heads[0])}</li>`)}</ul>`, act, { back: away });
}
