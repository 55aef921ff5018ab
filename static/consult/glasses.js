// What an expert draws, on the whole screen: for glasses and any second screen. In an immersive-ar session where there is one.

import { api } from "../shared/api.js";
import { openDrawing } from "../shared/consult/drawing_feed.js";
import { letterbox } from "../shared/consult/drawing_rules.js";
import { marks, paint } from "../shared/consult/drawing_view.js";
import { openViewer } from "../shared/media/viewer.js";
import { me } from "../shared/terms.js";

const LOOK_MS = 3000;
const page = document.getElementById("glasses");
const { mission } = page.dataset;
const canvas = document.getElementById("glasses-picture");
const said = document.getElementById("glasses-said");
const button = document.getElementById("glasses-ar");

let viewer = null;
let stream = null;
let shown = null;
let still = null; // the frozen picture: {seq, bitmap, of: what was asked for}
let session = null;

const drawing = openDrawing({ missionId: mission, me: me().id, onDrawing: freeze });

async function look() {
  const found = await api.get(`/api/missions/${mission}/streams/`).catch(() => null);
  if (!found) return say(gettext("No connection."));
  const wanted = drawing.state.frozen?.stream;
  const live = found.streams.filter((one) => !one.ended_at);
  const next = live.find((one) => one.id === wanted) ?? live.find((one) => one.id === stream) ?? live[0];
  if (!next) return say(gettext("No camera is on."));
  if (next.id === stream) return freeze(drawing.state);
  viewer?.close();
  stream = next.id;
  shown = null;
  viewer = openViewer({ place: found, mission, stream: next, on: { shown: (picture) => (shown = picture) } });
  viewer.element.className = "glasses-live";
  page.prepend(viewer.element);
  freeze(drawing.state);
}

async function freeze({ frozen }) {
  if (!frozen) {
    still?.bitmap.close();
    still = null;
    delete canvas.dataset.seq;
    return;
  }
  if (still?.of === frozen || frozen.stream !== stream) return;
  const picture = await viewer?.pictureAt(frozen.seq);
  if (drawing.state.frozen?.seq !== frozen.seq) return picture?.bitmap.close();
  if (!picture) return say(gettext("The frozen picture is older than this page: the live one is shown."));
  // On a slow line some pictures are left out: the one before it is better than a live one under the marks, and is named.
  say(picture.seq === frozen.seq ? "" : gettext("The picture just before the frozen one is shown."));
  still?.bitmap.close();
  still = { ...picture, of: frozen };
  canvas.dataset.seq = picture.seq;
}

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

function draw() {
  const [width, height] = [innerWidth, innerHeight];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const { state } = drawing;
  if (state.frozen && still) paint(canvas, still.bitmap, state, { frame: state.frozen });
  else {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, width, height);
    if (shown) marks(context, letterbox({ width, height }, shown), state);
    if (viewer && shown && !state.frozen) say(viewer.age_ms() > 1000 ? gettext("The picture is old.") : "");
  }
  page.toggleAttribute("data-frozen", Boolean(state.frozen && still));
  if (session?.visibilityState !== "visible") requestAnimationFrame(draw);
  else session.requestAnimationFrame(draw);
}

/** Glasses that speak WebXR show this page as a layer over what the wearer sees; others get the whole screen. */
async function offerAr() {
  const able = (await navigator.xr?.isSessionSupported("immersive-ar").catch(() => false)) ?? false;
  button.dataset.ar = able;
  button.textContent = able ? gettext("Show in the glasses") : gettext("Whole screen");
  document.getElementById("glasses-honest").textContent = able ? "" : gettext("This device offers no augmented reality (WebXR immersive-ar): the picture is shown on the whole screen.");
  button.onclick = able ? openAr : () => document.documentElement.requestFullscreen();
}

async function openAr() {
  session = await navigator.xr.requestSession("immersive-ar", { optionalFeatures: ["dom-overlay", "local-floor"], domOverlay: { root: page } });
  const layer = document.createElement("canvas").getContext("webgl", { xrCompatible: true });
  session.updateRenderState({ baseLayer: new XRWebGLLayer(session, layer) });
  session.addEventListener("end", () => (session = null));
  session.requestAnimationFrame(draw);
}

offerAr();
look();
setInterval(look, LOOK_MS);
draw();
