// The live picture of a mission for who draws on it: camera, freeze, pen, and the proof that the crew saw it.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { api } from "../api.js";
import { openViewer } from "../media/viewer.js";
import { label } from "../terms.js";
import { openDrawing } from "./drawing_feed.js";
import { byWorth, COLOURS, lastOf, letterbox, TOOLS } from "./drawing_rules.js";
import { followPen, marks } from "./drawing_view.js";

const LOOK_MS = 3000;
const OLD_MS = 1000;
const TOOL_NAMES = { pen: () => gettext("Pen"), arrow: () => gettext("Arrow"), ellipse: () => gettext("Ellipse"), text: () => gettext("Text"), point: () => gettext("Pointer") };
const COLOUR_NAMES = { red: () => gettext("red"), yellow: () => gettext("yellow"), green: () => gettext("green"), cyan: () => gettext("cyan"), white: () => gettext("white") };

/** What it looks at; its own name only where two look at the same. */
function cameraName(stream, streams) {
  const same = streams.filter((one) => one.role === stream.role);
  if (same.length < 2) return label("camera", stream.role);
  const told = new Set(same.map((one) => one.label)).size === same.length && stream.label ? stream.label : same.indexOf(stream) + 1;
  return `${label("camera", stream.role)} ${told}`;
}

/** Returns {close, drawing, viewer}. `canDraw`: an expert's; without, only what others draw is shown. */
export function mountPicture(element, { missionId, me, canDraw = true }) {
  let streams = [];
  let place = null;
  let chosen = null; // the id of a stream
  let viewer = null;
  let shown = null; // the last picture's {seq, width, height}
  let pen = { tool: "pen", color: "red", text: "" };
  let frozen_ms = null;
  let closed = false;

  const stage = document.createElement("div");
  stage.className = "picture-stage";
  const overlay = document.createElement("canvas");
  overlay.className = "picture-marks";
  const tools = document.createElement("div");
  tools.className = "picture-tools";
  element.replaceChildren(stage, tools);
  stage.append(overlay);

  const drawing = openDrawing({ missionId, me, onDrawing: drew });

  const area = () => shown && letterbox({ width: overlay.width, height: overlay.height }, shown);
  const frame = () => (drawing.state.frozen ? { ...drawing.state.frozen, frozen: true } : shown && { stream: chosen, seq: shown.seq, frozen: false });

  async function look() {
    const found = await api.get(`/api/missions/${missionId}/streams/`).catch(() => null);
    if (!found || closed) return;
    place = found;
    streams = found.streams.filter((one) => !one.ended_at).sort(byWorth);
    if (!streams.some((one) => one.id === chosen)) choose((drawing.state.frozen && streams.find((one) => one.id === drawing.state.frozen.stream)) ?? streams[0] ?? null);
    show();
  }

  function choose(stream) {
    viewer?.close();
    viewer?.element.remove();
    viewer = null;
    shown = null;
    chosen = stream?.id ?? null;
    if (!stream) return show();
    viewer = openViewer({
      place,
      mission: missionId,
      stream,
      on: {
        shown(picture) {
          shown = picture;
          stage.dataset.seq = picture.seq;
        },
      },
    });
    viewer.element.classList.add("picture-live");
    stage.prepend(viewer.element);
    if (drawing.state.frozen?.stream === stream.id) viewer.freeze(drawing.state.frozen.seq);
    show();
  }

  /** What others froze stands here, too. */
  function drew(state, message) {
    if (message?.t === "freeze" && message.author !== me && message.stream === chosen) viewer?.freeze(message.seq);
    if (message?.t === "unfreeze" && message.author !== me) viewer?.thaw();
    if (message?.t === "state" && state.frozen?.stream !== chosen) viewer?.thaw(); // as the centre has it
    if (message?.t === "seen" && frozen_ms) stage.dataset.seenAfter = Math.round(performance.now() - frozen_ms);
    stage.dataset.frozen = state.frozen?.seq ?? "";
    stage.dataset.seen = state.seen?.seq ?? "";
    show();
  }

  async function freeze() {
    if (!viewer) return;
    const seq = await viewer.freeze();
    if (seq === null || seq === undefined) return;
    frozen_ms = performance.now();
    delete stage.dataset.seenAfter;
    drawing.say({ t: "freeze", stream: chosen, seq });
  }

  function thaw() {
    viewer?.thaw();
    frozen_ms = null;
    drawing.say({ t: "unfreeze", stream: drawing.state.frozen?.stream ?? chosen });
  }

  function undo() {
    const last = lastOf(drawing.state, me);
    if (last) drawing.say({ t: "undo", id: last.id });
  }

  followPen(overlay, {
    area,
    tools: () => pen,
    frame: () => (canDraw ? frame() : null),
    say: drawing.say,
  });

  const set = (values) => {
    pen = { ...pen, ...values };
    show();
  };

  const proof = () => {
    const { frozen, seen } = drawing.state;
    if (!frozen) return "";
    return seen
      ? html`<span class="chip ok" data-proof="seen">✓ ${gettext("On the crew’s screen")}${stage.dataset.seenAfter ? ` · ${stage.dataset.seenAfter} ms` : ""}</span>`
      : html`<span class="chip warn" data-proof="waiting">${gettext("Not seen by the crew yet")}</span>`;
  };

  function show() {
    if (closed) return;
    const { frozen } = drawing.state;
    render(
      html`${streams.length > 1 ? html`<div class="choice" role="group" aria-label=${gettext("Camera")}>${streams.map((one) => html`<button type="button" data-stream=${one.id} aria-pressed=${one.id === chosen} @click=${() => choose(one)}><span class="one-line">${cameraName(one, streams)}</span></button>`)}</div>` : ""}
        ${streams.length ? "" : html`<span class="faint" data-no-camera>${gettext("No camera is on.")}</span>`}
        ${canDraw && viewer ? html`<button type="button" class="button primary" data-draw="freeze" aria-pressed=${Boolean(frozen)} @click=${() => (frozen ? thaw() : freeze())}>${frozen ? gettext("Go on live") : gettext("Freeze")}</button>
          <div class="choice" role="group" aria-label=${gettext("Tool")}>${TOOLS.map((tool) => html`<button type="button" data-tool=${tool} aria-pressed=${pen.tool === tool} @click=${() => set({ tool })}>${TOOL_NAMES[tool]()}</button>`)}</div>
          ${pen.tool === "text" ? html`<input class="input pen-text" maxlength="80" .value=${pen.text} placeholder=${gettext("Text, then tap the picture")} @input=${(event) => (pen.text = event.target.value.trim())}>` : ""}
          <div class="choice colours" role="group" aria-label=${gettext("Colour")}>${Object.keys(COLOURS).map((color) => html`<button type="button" data-color=${color} aria-pressed=${pen.color === color} title=${COLOUR_NAMES[color]()} aria-label=${COLOUR_NAMES[color]()} style="--pen:${COLOURS[color]}" @click=${() => set({ color })}><i></i></button>`)}</div>
          <button type="button" class="button small" data-draw="undo" @click=${undo}>${gettext("Undo")}</button>
          <button type="button" class="button small" data-draw="clear" @click=${() => drawing.say({ t: "clear" })}>${gettext("Clear")}</button>` : ""}
        <span class="picture-said">${proof()}<span data-age-of-picture></span></span>`,
      tools,
    );
  }

  function paintMarks() {
    if (closed) return;
    const box = stage.getBoundingClientRect();
    const [width, height] = [Math.round(box.width), Math.round(box.height)];
    if (overlay.width !== width || overlay.height !== height) [overlay.width, overlay.height] = [width, height];
    const context = overlay.getContext("2d");
    context.clearRect(0, 0, width, height);
    if (area()) marks(context, area(), drawing.state, { frame: drawing.state.frozen });
    const age_ms = viewer?.age_ms() ?? null;
    const old = !drawing.state.frozen && age_ms !== null && age_ms > OLD_MS;
    stage.toggleAttribute("data-old", old);
    const said = tools.querySelector("[data-age-of-picture]");
    if (said) said.textContent = drawing.state.frozen ? interpolate(gettext("frozen: picture %(seq)s"), { seq: drawing.state.frozen.seq }, true) : age_ms === null ? "" : old ? interpolate(gettext("%(seconds)s s OLD"), { seconds: (age_ms / 1000).toFixed(1) }, true) : interpolate(gettext("%(ms)s ms old"), { ms: Math.round(age_ms) }, true);
    requestAnimationFrame(paintMarks);
  }

  const looking = setInterval(look, LOOK_MS);
  look();
  show();
  paintMarks();

  return {
    drawing,
    get viewer() {
      return viewer;
    },
    close() {
      closed = true;
      clearInterval(looking);
      viewer?.close();
      drawing.close();
      element.replaceChildren();
    },
  };
}
