// The picture that an expert draws on, over the tablet's screen: the crew's own, of the same number, with the same marks.
// When it stands on the screen the expert is told so: that is the proof, and it is said only then.

import { api } from "../../shared/api.js";
import { openDrawing } from "../../shared/consult/drawing_feed.js";
import { byWorth } from "../../shared/consult/drawing_rules.js";
import { paint } from "../../shared/consult/drawing_view.js";
import { openViewer } from "../../shared/media/viewer.js";
import { me } from "../../shared/terms.js";
import { publisherOf } from "../camera/cameras.js";

const TRIES = 20;
const PAUSE_MS = 100;
const LOOK_MS = 5000;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

export function createShownPicture(element, { trackOf }) {
  const canvas = document.createElement("canvas");
  const foot = document.createElement("div");
  const close = document.createElement("button");
  const words = document.createElement("p");
  foot.className = "shown-foot";
  close.type = "button";
  close.className = "button next";
  close.dataset.act = "close-picture";
  close.textContent = gettext("Back to work");
  foot.append(words, close);
  element.append(canvas, foot);

  let missionId = null;
  let drawing = null;
  let viewer = null; // of a stream that does not run here
  let live = null; // the picture under live marks
  let still = null; // {stream, seq, bitmap}
  let away = false; // put aside by the crew, until the expert freezes or draws anew
  let looping = false;
  let looking = null;

  close.onclick = () => {
    away = true;
    show();
  };

  /** The very picture of this number: from the camera that runs here, else as the hub has it. */
  async function pictureOf({ stream, seq }) {
    const own = publisherOf(stream);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const found = await (own ?? (await viewerOf(stream)))?.pictureAt(seq);
      if (found?.seq === seq || (found && attempt === TRIES - 1)) return found;
      found?.bitmap.close();
      await pause();
    }
    return null;
  }

  async function viewerOf(stream, known = null) {
    if (viewer?.stream === stream) return viewer;
    viewer?.close();
    viewer = null;
    const place = known ?? (await api.get(`/api/missions/${missionId}/streams/`).catch(() => null));
    if (viewer?.stream === stream) return viewer;
    const row = place?.streams.find((one) => one.id === stream);
    if (!row) return null;
    viewer = { stream, ...openViewer({ place, mission: missionId, stream: row }) };
    return viewer;
  }

  /**
   * The vehicle's own camera is seen from the beginning of the call where a physician is shown it first: a picture
   * that is frozen is one of the past seconds, and only who saw it come has it.
   */
  async function lookAhead() {
    const at = missionId;
    if (!at || drawing?.state.frozen) return;
    const place = await api.get(`/api/missions/${at}/streams/`).catch(() => null);
    const [first] = (place?.streams ?? []).filter((one) => !one.ended_at).sort(byWorth);
    if (first && at === missionId && !publisherOf(first.id) && !drawing?.state.frozen && !hasMarks()) await viewerOf(first.id, place);
  }

  async function heard(state, message) {
    if (message && ["freeze", "stroke"].includes(message.t)) away = false;
    if (!state.frozen) {
      still?.bitmap.close();
      still = null;
    } else if (still?.stream !== state.frozen.stream || still.seq !== state.frozen.seq) await stand(state.frozen);
    if (message?.t === "stroke" && !state.frozen) await goLive(message.stream);
    show();
  }

  let wanted = null;
  async function stand(frozen) {
    wanted = frozen;
    const found = await pictureOf(frozen);
    if (wanted !== frozen || drawing?.state.frozen !== frozen) return found?.bitmap.close();
    if (!found) {
      words.textContent = gettext("The picture that is meant is no longer here.");
      return;
    }
    still?.bitmap.close();
    still = { ...frozen, seq: found.seq, bitmap: found.bitmap };
    show();
    draw();
    await painted();
    if (drawing?.state.frozen === frozen && !document.hidden) drawing.say({ t: "seen", stream: frozen.stream, seq: found.seq });
  }

  /** Live marks lie on what the camera sees now. */
  async function goLive(stream) {
    if (live?.stream === stream) return;
    const track = trackOf(stream);
    if (track) {
      const video = document.createElement("video");
      video.muted = true;
      video.srcObject = new MediaStream([track]);
      await video.play().catch(() => undefined);
      live = { stream, picture: () => (video.videoWidth ? video : null) };
    } else {
      const seen = await viewerOf(stream);
      let newest = null;
      const refresh = async () => {
        if (live?.stream !== stream) return newest?.bitmap.close();
        const seq = seen?.currentSeq();
        const found = seq === null || seq === undefined || seq === newest?.seq ? null : await seen.pictureAt(seq);
        if (found) {
          newest?.bitmap.close();
          newest = found;
        }
        setTimeout(refresh, 40);
      };
      live = { stream, picture: () => newest?.bitmap ?? null };
      refresh();
    }
  }

  const hasMarks = () => Object.keys(drawing?.state.strokes ?? {}).length > 0;

  function show() {
    const shown = Boolean(drawing) && !away && Boolean(still || (!drawing.state.frozen && hasMarks()));
    element.hidden = !shown;
    if (still) words.textContent = gettext("The physician shows you this picture.");
    else if (shown) words.textContent = gettext("The physician points at the live picture.");
    if (!hasMarks() && !drawing?.state.frozen) live = null;
    if (shown && !looping) loop();
  }

  function loop() {
    looping = !element.hidden;
    if (!looping) return;
    draw();
    requestAnimationFrame(loop);
  }

  function draw() {
    const box = canvas.getBoundingClientRect();
    const [width, height] = [Math.round(box.width), Math.round(box.height)];
    if (!width || !drawing) return;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    canvas.dataset.seq = still?.seq ?? "";
    paint(canvas, still?.bitmap ?? live?.picture() ?? null, drawing.state, { frame: still && drawing.state.frozen });
  }

  /** The drawing of this mission from now on; null for none. */
  function follow(next) {
    if (next === missionId) return;
    drawing?.close();
    viewer?.close();
    still?.bitmap.close();
    drawing = viewer = live = still = null;
    missionId = next;
    away = false;
    clearInterval(looking);
    if (next) {
      drawing = openDrawing({ missionId: next, me: me().id, onDrawing: heard });
      looking = setInterval(lookAhead, LOOK_MS);
      lookAhead();
    }
    show();
  }

  element.hidden = true;
  return { follow, canvas };
}
