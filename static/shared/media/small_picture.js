// A small live picture of a mission where there is little room: the patient's camera first, the others one press away.
// It is the small picture that the camera sends for tiles anyway, on its own socket, and none at all while the page is hidden.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { api } from "../api.js";
import { byWorth } from "../consult/drawing_rules.js";
import { label } from "../terms.js";
import { cameraTile } from "./tile.js";

const LOOK_MS = 5000;

/** Returns close(). A press on the picture opens the wall. */
export function mountSmallPicture(element, { missionId }) {
  const wall = `/video/${missionId}/`;
  const box = document.createElement("div");
  const foot = document.createElement("div");
  box.className = "small-picture-box";
  foot.className = "small-picture-foot";
  element.classList.add("small-picture");
  element.replaceChildren(box, foot);
  let cameras = null; // null until it is known
  let known = null; // where the mission's hub is
  let refused = "";
  let tile = null;
  let taken = null; // what a person chose
  let closed = false;
  let silent = new Set(); // cameras of which nothing came: another one is tried first
  let timer = null;

  async function look() {
    const place = await api.get(`/api/missions/${missionId}/streams/`).catch((error) => error);
    if (closed) return;
    if (place instanceof Error) refused = place.status === 403 ? place.detail : "";
    else {
      refused = "";
      known = place;
      cameras = place.streams.filter((one) => !one.ended_at).sort(byWorth);
      follow();
    }
    show();
    timer = setTimeout(look, LOOK_MS);
  }

  /** The camera that a person chose, else the first of which pictures come. */
  function follow() {
    const shown = cameras.find((one) => one.id === tile?.stream.id);
    if (shown && (shown.id === taken || tile.live())) return;
    if (shown) silent.add(shown.id);
    if (cameras.every((one) => silent.has(one.id))) silent = new Set(shown ? [shown.id] : []);
    const next = cameras.find((one) => one.id === taken) ?? cameras.find((one) => !silent.has(one.id)) ?? shown ?? null;
    if (next?.id !== shown?.id || !next) choose(next);
  }

  function choose(stream) {
    tile?.close();
    tile = stream && cameraTile({ place: known, mission: missionId, stream, picture: "low", onSelect: () => open(wall, "_blank", "noopener") });
    if (tile) box.replaceChildren(tile.element);
    else box.replaceChildren();
    show();
  }

  const choiceView = () => html`<div class="choice" role="group" aria-label=${gettext("Camera")}>${cameras.map((one) => html`<button type="button" data-stream=${one.id} aria-pressed=${one.id === tile?.stream.id} @click=${(event) => (event.stopPropagation(), (taken = one.id), choose(one))}>${label("camera", one.role)}</button>`)}</div>`;

  function show() {
    element.dataset.cameras = cameras?.length ?? "";
    const words = refused || (cameras === null ? gettext("Looking for cameras…") : cameras.length ? "" : gettext("No camera of this mission is on."));
    render(html`${words ? html`<span class="faint">${words}</span>` : ""}${cameras?.length > 1 ? choiceView() : ""}`, foot);
  }

  const hidden = () => tile?.want(document.hidden ? "none" : "low");
  document.addEventListener("visibilitychange", hidden);
  show();
  look();
  return () => {
    closed = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", hidden);
    tile?.close();
    render("", foot);
  };
}
