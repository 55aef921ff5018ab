// A public corridor's board: asks every five seconds, and says so when nobody answers.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { label } from "../shared/terms.js";
import { startTicker, tick } from "../shared/ticker.js";
import { setServerNow } from "../shared/time.js";

const EVERY_MS = 5000;
const STALE_MS = 20_000;
// As many lines as a screen shows from top to bottom; the rest is counted.
const MOST = 17;
const place = document.getElementById("arrivals");
const stale = document.getElementById("stale");
let heard_ms = Date.now();

const STATES = { ready: () => gettext("expected, bay ready"), coming: () => gettext("on the way") };

/** Minutes only: a corridor needs no seconds, and they would run wrong between two answers. */
const minutes = (due_at, now) => Math.max(1, Math.ceil((Date.parse(due_at) - Date.parse(now)) / 60_000));

const rowView = (row, now) => html`<li data-colour=${row.colour} data-state=${row.state}>
  <span class="colour">${label("surge_colour", row.colour)}</span>
  <b class="kind">${label("arrival_kind", row.kind)}</b>
  <span class="band">${row.band ? label("age_band", row.band) : "–"}</span>
  <span class="bay">${row.bay || "–"}</span>
  <span class="due">${row.state === "here" ? gettext("here") : row.due_at ? interpolate(gettext("%(count)s min"), { count: minutes(row.due_at, now) }, true) : "–"}</span>
  <span class="state">${row.state === "here" ? "" : STATES[row.state]()}</span>
</li>`;

function view({ rows, now }) {
  if (!rows.length) return html`<p class="nobody">${gettext("Nobody is on the way.")}</p>`;
  return html`<ol class="rows" data-many=${rows.length > 12 ? "most" : rows.length > 8 ? "many" : "few"}>
    <li class="head"><span></span><b>${gettext("Field")}</b><span>${gettext("Age")}</span><span>${gettext("Bay")}</span><span>${gettext("Arrives in")}</span><span></span></li>
    ${rows.slice(0, MOST).map((row) => rowView(row, now))}
    ${rows.length > MOST ? html`<li class="more"><span></span><b>${interpolate(gettext("%(count)s more"), { count: rows.length - MOST }, true)}</b></li>` : ""}</ol>`;
}

async function look() {
  try {
    const answer = await fetch(place.dataset.rows, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const said = await answer.json();
    setServerNow(said.now);
    heard_ms = Date.now();
    render(view(said), place);
    tick(place);
  } catch {
    // The next round asks again; what is old says so below.
  }
  const old = Date.now() - heard_ms > STALE_MS;
  stale.hidden = !old;
  document.body.classList.toggle("old", old);
  setTimeout(look, EVERY_MS);
}

startTicker();
look();
