// The hypermedia record of one mission: one clock, and everything that follows it.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { api, orToast } from "../shared/api.js";
import { label } from "../shared/terms.js";
import { clock as clockText, duration } from "../shared/time.js";
import { openClip } from "./clip.js";
import { hold, newClock, paced, play, seek, SPEEDS, ticked } from "./clock.js";
import { createFilm } from "./film.js";
import { camerasOf, cellAt, filmAt } from "./film_rules.js";
import { actOf } from "./keys.js";
import { momentsView } from "./moments.js";
import { createWaves, signsView } from "./signs.js";
import { createTimeline } from "./timeline.js";
import { neighbour } from "./timeline_rules.js";

const main = document.getElementById("main");
const mission = main.dataset.mission;
const FRESH_MS = 15_000;
const LIST_MS = 250;
const iso = (ms) => new Date(ms).toISOString();

const titled = (camera) => ({ ...camera, title: camera.name === label("camera", camera.camera) ? camera.name : `${label("camera", camera.camera)} ${camera.name}` });

function start(record) {
  const cameras = camerasOf(record.recordings).map(titled);
  const begins = record.moments[0]?.at_ms ?? record.begins_ms;
  const asked = Number(new URLSearchParams(location.search).get("at"));
  let clock = newClock({ begins_ms: record.begins_ms, ends_ms: record.ends_ms, at_ms: asked || Math.max(record.begins_ms, Math.min(begins, record.ends_ms)) });
  let scrubbing = false;
  let shown = "";
  let large = null;
  let sound = null;
  let mark = null;
  let help = false;
  let hover = null;
  let listed_ms = 0;
  let due = true;
  const films = cameras.map((camera) => createFilm(camera, { onChange: () => (due = true) }));

  main.textContent = "";
  render(html`<div class="player-wall"></div>
    <aside class="player-side"><section class="panel player-monitor"><div class="player-signs"></div><canvas class="player-waves"></canvas></section><div class="player-list"></div></aside>
    <section class="player-foot"><div class="player-bar"></div><div class="player-line"><canvas class="timeline" tabindex="0" role="slider" aria-label=${gettext("Time line")}></canvas><div class="player-hover" hidden></div></div></section>`, main);
  const part = (name) => main.querySelector(`.${name}`);
  const canvas = part("timeline");
  const timeline = createTimeline(canvas, { record, cameras, onSeek, onHover: (next) => ((hover = next), drawHover()) });
  const waves = createWaves(part("player-waves"), mission, { onChange: () => (due = true) });

  function onSeek(at_ms, { scrubbing: moving, moment = null }) {
    scrubbing = moving;
    clock = seek(moment ? hold(clock) : clock, at_ms);
    listed_ms = 0;
    due = true;
  }

  function jump(moment) {
    clock = seek(clock, moment.at_ms);
    listed_ms = 0;
    due = true;
  }

  const acts = {
    toggle: () => (clock = clock.playing ? hold(clock) : play(clock, performance.now())),
    move: ({ by, hold: still }) => (clock = seek(still ? hold(clock) : clock, clock.at_ms + by)),
    neighbour({ by }) {
      const next = neighbour(record.moments.filter((one) => !shown || one.lane === shown), clock.at_ms, by);
      if (next) clock = seek(clock, next.at_ms);
    },
    pace: ({ by }) => (clock = by > 0 && !clock.playing ? play(clock, performance.now()) : paced(clock, by)),
    to: ({ end }) => (clock = seek(clock, end ? clock.ends_ms : clock.begins_ms)),
    zoom: ({ by }) => timeline.zoom(by, clock.at_ms),
    mark({ end }) {
      const now = Math.round(clock.at_ms);
      mark = end ? { from_ms: Math.min(mark?.from_ms ?? now - 30_000, now - 1000), to_ms: now } : { from_ms: now, to_ms: Math.max(mark?.to_ms ?? now + 30_000, now + 1000) };
      mark = { from_ms: Math.max(record.begins_ms, mark.from_ms), to_ms: Math.min(record.ends_ms, mark.to_ms) };
      timeline.mark(mark);
    },
    clip() {
      if (!mark) acts.mark({ end: false });
      clock = hold(clock);
      openClip({ mission, cameras, mark });
    },
    help: () => (help = !help),
  };
  const run = (what) => {
    acts[what.act](what);
    listed_ms = 0;
    due = true;
  };

  addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, textarea, select, audio, dialog")) return;
    if (event.key === " " && event.target.closest?.("button, a")) return;
    const what = actOf(event);
    if (!what) return;
    event.preventDefault();
    run(what);
  });

  function barView() {
    const button = (what, sign, name, key, more = {}) => html`<button type="button" class="button ${more.primary ? "primary" : "quiet"}" data-act=${more.id ?? what.act} title="${name} (${key})" aria-label=${name} @click=${() => run(what)}>${sign}</button>`;
    return html`
      ${button({ act: "neighbour", by: -1 }, "|◀", gettext("Earlier event"), "↑", { id: "earlier" })}
      ${button({ act: "move", by: -5000 }, "−5 s", gettext("Five seconds back"), "←", { id: "back" })}
      ${button({ act: "toggle" }, clock.playing ? "❚❚" : "▶", clock.playing ? gettext("Hold") : gettext("Play"), gettext("space"), { primary: true })}
      ${button({ act: "move", by: 5000 }, "+5 s", gettext("Five seconds on"), "→", { id: "on" })}
      ${button({ act: "neighbour", by: 1 }, "▶|", gettext("Next event"), "↓", { id: "next" })}
      <p class="player-now"><time datetime=${iso(clock.at_ms)}>${clockText(iso(clock.at_ms))}</time> <span>${duration((clock.at_ms - clock.begins_ms) / 1000)} / ${duration((clock.ends_ms - clock.begins_ms) / 1000)}</span></p>
      <div class="choice" role="group" aria-label=${gettext("Speed")}>${SPEEDS.map((speed) => html`<button type="button" aria-pressed=${clock.speed === speed} data-speed=${speed} @click=${() => ((clock = { ...clock, speed }), (due = true))}>${speed}×</button>`)}</div>
      <span class="player-space"></span>
      ${record.monitor_offset_ms ? html`<span class="chip warn" title=${gettext("What it measured is shown at the centre’s time.")}>${interpolate(gettext("The vehicle’s clock is %(seconds)s s off: put right"), { seconds: (record.monitor_offset_ms / 1000).toFixed(1) }, true)}</span>` : ""}
      ${button({ act: "zoom", by: 2 }, "−", gettext("Wider"), "-", { id: "wider" })}${button({ act: "zoom", by: 0.5 }, "+", gettext("Closer"), "+", { id: "closer" })}
      <button type="button" class="button quiet" data-act="whole" @click=${() => (timeline.all(), (due = true))}>${gettext("Whole mission")}</button>
      ${button({ act: "mark", end: false }, gettext("From here"), gettext("The clip begins here"), "I", { id: "in" })}${button({ act: "mark", end: true }, gettext("To here"), gettext("The clip ends here"), "O", { id: "out" })}
      <button type="button" class="button" data-act="clip" ?disabled=${!cameras.length} title="${gettext("Export a clip")} (E)" @click=${() => run({ act: "clip" })}>${gettext("Export a clip")}</button>
      ${button({ act: "help" }, "?", gettext("Keys"), "?", { id: "help" })}
      ${help ? helpView() : ""}`;
  }

  const helpView = () => html`<div class="player-help panel" role="note"><dl>
    ${[[gettext("space"), gettext("Play, hold")], ["← →", gettext("Five seconds; with Shift one")], [", .", gettext("One picture")], ["↑ ↓", gettext("Earlier, next event")], ["J L", gettext("Slower, faster")], ["+ −", gettext("Closer, wider")], ["I O E", gettext("Begin, end and export a clip")]].map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${text}</dd>`)}</dl></div>`;

  const wallView = () => (films.length
    ? films.map((film) => film.view({
        large: large === film, sound: sound === film,
        at_ms: clock.at_ms, onNext: (at_ms) => ((clock = seek(clock, at_ms)), (due = true)),
        onPick: () => ((large = large === film ? null : film), (due = true)),
        onSound: () => ((sound = sound === film ? null : film), films.forEach((one) => one.hear(one === sound)), (due = true)),
      }))
    : html`<p class="empty player-none">${gettext("No camera recorded on this mission.")}</p>`);

  function drawHover() {
    const box = part("player-hover");
    box.hidden = !hover;
    if (!hover) return;
    const cells = cameras.map((camera) => [camera, filmAt(camera.films, hover.at_ms)]).filter(([, film]) => film?.strip?.count).slice(0, 3);
    render(html`<b>${clockText(iso(hover.moments[0]?.at_ms ?? hover.at_ms))}</b>
      ${hover.moments.slice(0, 6).map((one) => html`<p>${hover.moments.length > 1 ? `${clockText(iso(one.at_ms))} ` : ""}${one.title}${one.detail ? html` <span>${one.detail}</span>` : ""}</p>`)}${hover.moments.length > 6 ? html`<p>+${hover.moments.length - 6}</p>` : ""}
      ${hover.moments.length ? "" : html`<div class="hover-cells">${cells.map(([, film]) => {
        const cell = cellAt(film, hover.at_ms - film.began_ms);
        return html`<i style="inline-size:${cell.width}px;block-size:${cell.height}px;background:url('/api/recordings/${film.id}/strip/') -${cell.x}px -${cell.y}px"></i>`;
      })}</div>`}`, box);
    const half = box.offsetWidth / 2;
    box.style.insetInlineStart = `${Math.max(half, Math.min(canvas.clientWidth - half, hover.x))}px`;
  }

  function drawAll(now_ms) {
    for (const film of films) film.show(clock, scrubbing);
    timeline.draw(clock);
    waves.draw(clock.at_ms, { fetching: !scrubbing });
    if (!due && now_ms - listed_ms < LIST_MS) return;
    due = false;
    listed_ms = now_ms;
    main.dataset.nowMs = String(Math.round(clock.at_ms));
    part("player-wall").dataset.count = String(films.length);
    part("player-wall").toggleAttribute("data-large", Boolean(large));
    render(wallView(), part("player-wall"));
    render(barView(), part("player-bar"));
    render(signsView(record.numbers, clock.at_ms), part("player-signs"));
    const before = main.querySelector('.moment[aria-current="true"]')?.dataset.moment;
    render(momentsView({ record, at_ms: clock.at_ms, shown, onShow: (lane) => ((shown = lane), (due = true)), onJump: jump }), part("player-list"));
    const current = main.querySelector('.moment[aria-current="true"]');
    if (current && current.dataset.moment !== before && !current.parentElement.matches(":hover")) current.scrollIntoView({ block: "nearest" });
    canvas.setAttribute("aria-valuemin", String(clock.begins_ms));
    canvas.setAttribute("aria-valuemax", String(clock.ends_ms));
    canvas.setAttribute("aria-valuenow", String(Math.round(clock.at_ms)));
    canvas.setAttribute("aria-valuetext", clockText(iso(clock.at_ms)));
  }

  let drawn = null;
  function frame(now_ms) {
    const before = clock;
    clock = ticked(clock, now_ms);
    if (clock.playing !== before.playing) due = true;
    const key = `${clock.at_ms} ${scrubbing} ${timeline.view.from_ms} ${timeline.view.to_ms} ${timeline.view.width}`;
    const waiting = films.some((film) => film.state === "loading");
    if (due || clock.playing || waiting || key !== drawn) drawAll(now_ms);
    drawn = key;
    requestAnimationFrame(frame);
  }
  new ResizeObserver(() => {
    timeline.resize();
    due = true;
  }).observe(canvas);
  timeline.resize();
  requestAnimationFrame(frame);

  /** What still arrives is shown when it is there; the place stays. */
  const renew = async () => {
    if (!record.recordings.some((one) => one.state === "receiving") || document.hidden) return;
    const fresh = await api.get(`/api/missions/${mission}/hypermedia/`).catch(() => null);
    for (const one of fresh?.recordings ?? []) {
      const known = record.recordings.find((other) => other.id === one.id);
      if (known) Object.assign(known, one);
    }
    due = true;
  };
  const again = () => setTimeout(() => renew().finally(again), FRESH_MS); // one question at a time, however long it takes
  again();
}

const record = await orToast(api.get(`/api/missions/${mission}/hypermedia/`));
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
if (record) start({ ...record, moments: record.moments.map((one) => ({ ...one, title: capital(one.title) })) });
