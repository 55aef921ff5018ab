// One camera's picture: the film that shows the moment, by ranges of its bytes, in step with the clock.
// While a hand scrubs, the small picture of the strip stands in until the real one is there.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { ref, createRef } from "/static/vendor/lit-html/directives/ref.js";
import { label } from "../shared/terms.js";
import { clock } from "../shared/time.js";
import { AHEAD_MS, BEHIND_MS, cellAt, correction, filmAt, fragmentAt, mimeOf, nextFilm, nextRun, wanted } from "./film_rules.js";

const KEPT_MS = 60_000; // of a film, around the moment, before it is given back
const mediaOf = (film) => `/api/recordings/${film.id}/media/`;

/** Returns {show(clock, scrubbing), view(state), state, video}. onChange() when something has to be drawn. */
export function createFilm(camera, { onChange }) {
  const video = document.createElement("video");
  const strip = createRef();
  const host = createRef();
  const sheets = new Map(); // film → CSS url of its strip
  let film = null;
  let source = null;
  let buffer = null;
  let held = new Set();
  let state = "gap"; // gap | loading | shown | broken
  let ready = false; // the player knows the film's tracks
  let busy = false;
  let asking = null;
  let wish = null;
  video.muted = true;
  video.playsInline = true;
  video.className = "film-video";
  video.disableRemotePlayback = true;

  function become(next) {
    if (next === state) return;
    state = next;
    onChange();
  }

  function drop() {
    asking?.abort();
    asking = null;
    if (video.src) URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
    video.load();
    source = buffer = null;
    ready = false;
    held = new Set();
  }

  function take(next) {
    drop();
    film = next;
    if (!film) return become("gap");
    if (!film.at.length || !MediaSource.isTypeSupported(film.mime)) return become(film.at.length ? "broken" : "gap");
    become("loading");
    source = new MediaSource();
    const mine = source;
    video.src = URL.createObjectURL(source);
    source.addEventListener("sourceopen", () => mine === source && begin(), { once: true });
  }

  async function begin() {
    const mine = source;
    let init = null;
    while (!init && mine === source) init = await bytes(0, film.init - 1).catch(() => null); // a seek may have cut it off
    if (mine !== source) return;
    buffer = source.addSourceBuffer(mimeOf(new Uint8Array(init), film.mime));
    source.duration = film.duration_ms / 1000 + 1;
    await append(init);
    ready = true;
    fill();
  }

  async function bytes(from, to) {
    asking = new AbortController();
    const answer = await fetch(mediaOf(film), { headers: { Range: `bytes=${from}-${to}` }, signal: asking.signal, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`the film answered ${answer.status}`);
    return answer.arrayBuffer();
  }

  function append(raw) {
    const mine = buffer;
    return new Promise((resolve, reject) => {
      if (mine !== buffer || source?.readyState !== "open") return reject(new Error("another film"));
      mine.addEventListener("updateend", resolve, { once: true });
      mine.appendBuffer(raw);
    });
  }

  /** Fetch what the moment needs, nearest first, one range after the other; a newer wish ends an older one. */
  async function fill() {
    if (busy || !ready || !wish) return;
    busy = true;
    try {
      for (;;) {
        const mine = buffer;
        const range = wanted(film, wish.film_ms, { ahead_ms: AHEAD_MS * Math.max(1, wish.speed), behind_ms: BEHIND_MS });
        const here = fragmentAt(film, wish.film_ms) ?? 0;
        const run = range && nextRun(film, range, held, { here, most: wish.scrubbing ? 1 : 4 });
        if (!run) break;
        const raw = await bytes(run.from, run.to);
        if (mine !== buffer) break;
        await append(raw);
        for (let at = run.first; at <= run.last; at += 1) held.add(at);
        place();
        await giveBack();
      }
    } catch (error) {
      if (error.name !== "AbortError" && source?.readyState === "open") setTimeout(fill, 1000);
    } finally {
      busy = false;
    }
  }

  async function giveBack() {
    const far = [...held].filter((at) => Math.abs(film.at[at] - wish.film_ms) > KEPT_MS);
    if (!far.length || buffer.updating) return;
    const mine = buffer;
    for (const at of far) {
      held.delete(at);
      const [from, to] = [film.at[at] / 1000, (film.at[at] + film.ms[at]) / 1000];
      if (to <= from || mine !== buffer) continue;
      await new Promise((resolve) => {
        mine.addEventListener("updateend", resolve, { once: true });
        mine.remove(from, to);
      });
    }
  }

  const hasNow = () => film && held.has(fragmentAt(film, wish.film_ms) ?? -1);

  function place() {
    if (!wish || !buffer) return;
    if (!hasNow()) {
      if (!video.paused) video.pause();
      return become("loading");
    }
    const want_s = (wish.film_ms + 1) / 1000; // the picture that begins just now, not the one before
    const { jump, rate } = correction(video.currentTime - want_s, wish.speed);
    if (jump || (!wish.playing && Math.abs(video.currentTime - want_s) > 0.02)) video.currentTime = want_s;
    if (Math.abs(video.playbackRate - rate) > 0.001) video.playbackRate = rate;
    if (wish.playing && video.paused) video.play().catch(() => undefined);
    if (!wish.playing && !video.paused) video.pause();
    if (video.readyState >= 2 && !video.seeking) become("shown");
  }
  for (const event of ["seeked", "loadeddata", "canplay"]) video.addEventListener(event, place);

  function show({ at_ms, playing, speed }, scrubbing) {
    const next = filmAt(camera.films, at_ms);
    if (next?.id !== film?.id) take(next);
    if (!film) return;
    const before = wish?.film_ms;
    wish = { film_ms: at_ms - film.began_ms, playing: playing && !scrubbing, speed, scrubbing };
    if (before !== undefined && Math.abs(before - wish.film_ms) > 2000 && !hasNow()) asking?.abort();
    if (scrubbing || state === "loading") showStrip();
    place();
    fill();
  }

  function showStrip() {
    const cell = film && cellAt(film, wish.film_ms);
    const element = strip.value;
    if (!cell || !element) return;
    if (!sheets.has(film.id)) sheets.set(film.id, `url("/api/recordings/${film.id}/strip/")`);
    const { clientWidth: width, clientHeight: height } = element;
    const scale = Math.min(width / cell.width, height / cell.height);
    Object.assign(element.style, {
      backgroundImage: sheets.get(film.id), backgroundSize: `${film.strip.columns * cell.width * scale}px auto`,
      backgroundPosition: `${-cell.x * scale}px ${-cell.y * scale}px`, inlineSize: `${cell.width * scale}px`, blockSize: `${cell.height * scale}px`,
    });
  }

  const why = () => {
    if (state === "gap") return gettext("Nothing was recorded here");
    if (state === "broken") return gettext("This browser cannot show this film");
    return null;
  };

  function view({ large, onPick, sound, onSound, at_ms, onNext }) {
    const words = why();
    const next = state === "gap" ? nextFilm(camera.films, at_ms) : null;
    const note = film?.state === "broken" ? gettext("Not what its device signed") : film?.state === "receiving" ? gettext("Still arriving") : "";
    return html`<figure class="film" data-camera=${camera.camera} data-state=${state} data-film=${film?.id ?? nothing} ?data-large=${large}>
      <div class="film-picture" ${ref(host)} @dblclick=${onPick}>${video}
        <div class="film-strip" ?hidden=${state === "shown"} ${ref(strip)}></div>
        ${words ? html`<div class="film-why"><p>${words}</p>${next ? html`<button type="button" class="button small" data-act="next-picture" @click=${() => onNext(next.began_ms)}>${gettext("To the next picture")} <time>${clock(new Date(next.began_ms).toISOString())}</time> ▶</button>` : ""}</div>` : ""}${state === "loading" ? html`<p class="film-wait" role="status">${gettext("Loading…")}</p>` : ""}</div>
      <figcaption><b>${label("camera", camera.camera)}</b> <span>${camera.name === label("camera", camera.camera) ? "" : camera.name}</span>
        ${note ? html`<span class="chip warn">${note}</span>` : ""}
        <span class="film-acts"><button type="button" class="button quiet" data-act="sound" aria-pressed=${sound} @click=${onSound}>${gettext("Sound")}</button>
        <button type="button" class="button quiet" data-act="large" aria-pressed=${large} @click=${onPick}>${gettext("Large")}</button></span></figcaption>
    </figure>`;
  }

  return { camera, show, view, video, get state() { return state; }, get film() { return film; }, hear: (sound) => (video.muted = !sound), close: drop };
}
