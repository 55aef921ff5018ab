// The loudspeaker of the wall: what is to be said is said once, in the page's language, and reported.

import { api } from "../shared/api.js";
import { remembered } from "./remembered.js";
import { toSay } from "./speaker_rules.js";

const WORDS = {
  unconfirmed: () => gettext("Attention. Ambulance %(unit)s. Nobody has confirmed yet."),
  near: () => gettext("Ambulance %(unit)s arrives in two minutes."),
};

/** sound: {able(), attention()}; say(handovers) after every change of the board. */
export function createSpeaker(sound, { storage, speech = globalThis.speechSynthesis } = {}) {
  const said = remembered("onboard-ed-spoken", storage);

  function speak(one) {
    const text = interpolate(WORDS[one.kind](), { unit: one.unit }, true);
    sound.attention();
    if (!speech) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
    speech.speak(utterance);
  }

  /** With the sound off nothing counts as said: another screen may have it on. */
  function say(handovers) {
    if (!sound.able()) return;
    const fresh = toSay(handovers, said.has);
    said.add(fresh.map((one) => one.id));
    for (const one of fresh) {
      speak(one);
      if (one.notice) api.post(`/api/notices/${one.notice}/spoken/`).catch(() => undefined);
    }
  }

  return { say };
}
