// A grid of big tiles, one tap each.

import { html } from "/static/vendor/lit-html/lit-html.js";

/** rows: [[code, label]]; what is chosen stands out by weight, frame and aria-pressed, not by colour alone. */
export const grid = (name, rows, chosen, tap, more = () => "") => html`<div class="grid" data-grid=${name}>
  ${rows.map(([code, text]) => html`<button type="button" class="tile" data-code=${code} aria-pressed=${Boolean(chosen(code))} @click=${() => tap(code)}>${text}${more(code)}</button>`)}
</div>`;
