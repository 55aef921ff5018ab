// One camera as a tile: its picture, and over it what it is, how old it is, what it has stepped down to, who watches.
// A picture that stands and looks live is the real danger: over one second of age the frame is red and says so.

import { chinese, label, nameOf } from "../terms.js";
import { LATE_MS, ageWords, faultOf, stepWords } from "./tile_rules.js";
import { openViewer } from "./viewer.js";

const AGE_EVERY_MS = 100;

/**
 * Returns {element, stream, viewer, want, snapshot, update(row), close}. onSelect(): the tile was chosen.
 * The element is a button, so that it is reached by the keyboard.
 */
export function cameraTile({ place, mission, stream, picture = "low", onSelect = () => {} }) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "camera";
  element.dataset.stream = stream.id;
  element.innerHTML = `<span class="camera-head"><b></b><span class="camera-step"></span></span><span class="camera-fault" role="status"></span>
    <span class="camera-foot"><span class="camera-rec"></span><span class="camera-who one-line"></span><time class="camera-age"></time></span>`;
  const part = (name) => element.querySelector(name);
  let about = { live: false, ended: Boolean(stream.ended_at), step: "hd", recording: stream.recording };
  let people = [];
  let link = "connecting";
  let last = null;

  let viewer = null; // a viewer may speak before it is here
  viewer = openViewer({
    place, mission, stream, picture,
    on: {
      about(message) {
        about = message;
        draw();
      },
      watching(list) {
        people = list;
        draw();
      },
      link(state) {
        link = state;
        draw();
      },
      shown(seen) {
        last = seen;
        element.dataset.shown = "1";
      },
    },
  });
  element.prepend(viewer.element);
  viewer.element.classList.add("camera-picture");
  element.onclick = onSelect;

  function draw() {
    part(".camera-head b").textContent = [label("camera", stream.role), stream.label].filter(Boolean).join(" · ");
    part(".camera-step").textContent = stepWords(about);
    part(".camera-rec").textContent = about.recording === "off" ? gettext("not recorded") : `● ${gettext("REC")}`;
    part(".camera-rec").dataset.recording = about.recording;
    part(".camera-who").textContent = people.map((one) => nameOf(one)).join(chinese() ? "、" : ", ");
    age();
  }

  function age() {
    const age_ms = viewer?.age_ms() ?? null;
    const still_ms = about.step === "still" ? 4000 : 0;
    const late = age_ms === null || age_ms > LATE_MS + still_ms || !about.live || link !== "live";
    element.toggleAttribute("data-late", late);
    part(".camera-age").textContent = age_ms === null ? "" : ageWords(age_ms);
    const fault = faultOf({ about, link, age_ms, late });
    if (part(".camera-fault").textContent !== fault) part(".camera-fault").textContent = fault;
  }

  const aging = setInterval(age, AGE_EVERY_MS);
  draw();
  return {
    element, stream, viewer,
    want: viewer.want,
    live: () => about.live,
    seen: () => last,
    /** The picture that stands here now as a JPEG, and its number and time. */
    async snapshot() {
      const { width, height, seq, capture_ms } = last ?? {};
      if (!width) return null;
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d").drawImage(viewer.element, 0, 0, width, height);
      return { blob: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 }), seq, at_ms: capture_ms + (about.offset_ms ?? 0) };
    },
    close() {
      clearInterval(aging);
      viewer.close();
      element.remove();
    },
  };
}
