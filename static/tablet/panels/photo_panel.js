// A photograph: taken by the tablet's camera, made small enough for a thin line, kept like every statement.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { nowIso } from "../../shared/time.js";
import { toast } from "../../shared/toast.js";
import { group, groupsOf } from "../../shared/record/entries.js";
import { placesOf } from "../tablet_state.js";
import { answers, panel } from "./frame.js";

const LONGEST_PX = 1600;
const QUALITY = 0.8;
const ABOUT = { injury: () => gettext("Injury"), scene: () => gettext("Scene"), drugs: () => gettext("The patient’s own drugs"), document: () => gettext("Document"), other: () => gettext("Other") };

/** The picture as JPEG, its longer side at most so many pixels; what it knows of place and camera is left behind. */
async function reduced(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}

async function take(state, mission, act, input) {
  const [file] = input.files;
  if (!file) return;
  input.value = "";
  let blob;
  try {
    blob = await reduced(file);
  } catch {
    toast(gettext("This is no picture."), "bad");
    return;
  }
  const { about = "injury" } = state.panel;
  const at = nowIso();
  const name = `${about}-${at.slice(11, 19).replaceAll(":", "")}.jpg`;
  const id = await act.bring(mission, "attachments", blob, name);
  act.write(mission, group({ "attachment.kind": about === "document" ? "document" : "photo", "attachment.reference": id, "attachment.name": name, "attachment.about": ABOUT[about]() }, at));
  act.close();
}

/** panel: {name: "photo", about}. */
export function photoPanel(state, mission, act) {
  const kept = groupsOf(placesOf(state, mission), "attachment").map((one) => one.values["attachment.reference"]?.[0]?.heads[0]).filter(Boolean);
  return panel("photo", gettext("Photograph"), html`
    ${answers("about", gettext("What does it show?"), Object.entries(ABOUT).map(([code, text]) => [code, text()]), state.panel.about ?? "injury", (code) => act.change({ about: code }))}
    <label class="button primary next take-photo">${gettext("Take a picture")}<input class="visually-hidden" type="file" accept="image/*" capture="environment" @change=${(event) => take(state, mission, act, event.target)}></label>
    <div class="photos">${kept.map((head) => (head.waiting ? html`<span class="chip warn">${gettext("waiting to send")}</span>` : html`<a href="/api/attachments/${head.value}/" target="_blank" rel="noopener"><img loading="lazy" alt=${gettext("Photograph")} src="/api/attachments/${head.value}/"></a>`))}</div>`, act);
}
