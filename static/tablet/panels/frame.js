// What every panel of the record has: a title, a way back, a body, and its acts at the foot.

import { html } from "/static/vendor/lit-html/lit-html.js";

/** A panel lies over the record's tabs; the mission's next step stays in reach. */
export const panel = (name, title, body, act, { foot = "", back = act.close } = {}) => html`<section class="paper" data-paper=${name} aria-label=${title}>
  <header class="paper-head"><button type="button" class="button" data-act="back" aria-label=${gettext("Back")} @click=${back}>‹</button><h2>${title}</h2></header>
  <div class="paper-body">${body}</div>
  ${foot ? html`<footer class="paper-foot">${foot}</footer>` : ""}
</section>`;

/** Big answers, one tap each: rows are [[code, text]]. */
export const answers = (name, text, rows, chosen, tap) => html`<fieldset class="answers" data-answers=${name}><legend>${text}</legend>
  <div class="grid">${rows.map(([code, words]) => html`<button type="button" class="tile" data-code=${code} aria-pressed=${[chosen].flat().includes(code)} @click=${() => tap(code)}>${words}</button>`)}</div></fieldset>`;

/** The one act that ends a panel. */
export const ready = (id, text, tap, { disabled = false } = {}) => html`<button type="button" class="button primary next" id=${id} ?disabled=${disabled} @click=${tap}>${text}</button>`;
