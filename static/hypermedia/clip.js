// Take a stretch out: from, to, which cameras, why; then the file with its hash.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { api, orToast, uuid } from "../shared/api.js";
import { clock, duration } from "../shared/time.js";
import { stretchesOf } from "./film_rules.js";

const iso = (ms) => new Date(ms).toISOString();
const MOST_MS = 30 * 60_000;

/** mark: {from_ms, to_ms}. Cameras that recorded nothing in it are not offered. */
export function openClip({ mission, cameras, mark }) {
  const dialog = document.createElement("dialog");
  dialog.className = "clip";
  const seen = (film) => stretchesOf([film]).some(([from, to]) => from < mark.to_ms && to > mark.from_ms);
  const offered = cameras.map((camera) => ({ camera, films: camera.films.filter(seen) })).filter(({ films }) => films.length);
  const state = { chosen: new Set(offered.map(({ camera }) => camera.key)), reason: "", busy: false, made: null, id: uuid() };
  const change = (values) => (Object.assign(state, values), draw());

  async function make(event) {
    event.preventDefault();
    change({ busy: true });
    const recordings = offered.filter(({ camera }) => state.chosen.has(camera.key)).flatMap(({ films }) => films.map((film) => film.id));
    const made = await orToast(api.post(`/api/missions/${mission}/clips/`, { id: state.id, from_at: iso(mark.from_ms), until_at: iso(mark.to_ms), recordings, reason: state.reason }));
    change({ busy: false, made: made ?? null });
  }

  const toggle = (key) => {
    const chosen = new Set(state.chosen);
    if (!chosen.delete(key)) chosen.add(key);
    change({ chosen });
  };

  const form = () => html`<form @submit=${make}>
    <div class="dialog-body clip-body">
      <p class="clip-span"><time>${clock(iso(mark.from_ms))}</time> – <time>${clock(iso(mark.to_ms))}</time> <span>(${duration((mark.to_ms - mark.from_ms) / 1000)})</span></p>
      ${mark.to_ms - mark.from_ms > MOST_MS ? html`<p class="notice bad" role="alert">${gettext("At most 30 minutes at once.")}</p>` : ""}
      <fieldset class="clip-cameras"><legend class="label">${gettext("Cameras")}</legend>${offered.map(({ camera }) => html`<label><input type="checkbox" .checked=${state.chosen.has(camera.key)} @change=${() => toggle(camera.key)}> ${camera.title}</label>`)}
        ${offered.length ? "" : html`<p class="empty">${gettext("Nothing was recorded here")}</p>`}</fieldset>
      <label class="field"><span>${gettext("Why is it taken out?")}</span><input class="input" name="reason" required maxlength="200" .value=${state.reason} @input=${(event) => change({ reason: event.target.value })}></label>
      <p class="faint">${gettext("It begins with the last whole picture before the stretch. Who, when and why stand in the file, signed, and in the journal.")}</p>
    </div>
    <footer class="dialog-foot"><button type="button" class="button" @click=${() => dialog.close()}>${gettext("Cancel")}</button>
      <button class="button primary" ?disabled=${state.busy || !state.chosen.size || !state.reason.trim() || mark.to_ms - mark.from_ms > MOST_MS}>${state.busy ? gettext("Being made…") : gettext("Export")}</button></footer></form>`;

  const done = () => html`<div class="dialog-body clip-body"><p class="notice ok" role="status">${gettext("The clip is ready.")}</p>
    <p class="clip-hash"><span class="label">SHA-256</span> <code>${state.made.sha256}</code></p></div>
    <footer class="dialog-foot"><button type="button" class="button" @click=${() => dialog.close()}>${gettext("Close")}</button><a class="button primary" href=${state.made.link} download>${gettext("Save the file")}</a></footer>`;

  function draw() {
    render(html`<header class="dialog-head"><h2>${gettext("Export a clip")}</h2></header>${state.made ? done() : form()}`, dialog);
  }
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  dialog.showModal();
  dialog.querySelector("input[name=reason]")?.focus();
}
