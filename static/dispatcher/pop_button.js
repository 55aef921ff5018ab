// The button that puts a part of the console into a window of its own.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";

export const popButton = (act, part) => (act.part ? nothing : html`<button type="button" class="button quiet small pop" title=${gettext("In a window of its own")} aria-label=${gettext("In a window of its own")} @click=${() => act.popOut(part)}></button>`);
