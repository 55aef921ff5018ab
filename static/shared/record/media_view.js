// A file of the record where it is spoken of: a sound to play, a picture to look at.

import { html } from "/static/vendor/lit-html/lit-html.js";

/** head: the statement that names the file. While it waits on the tablet it cannot be played yet. */
export const soundOf = (head) =>
  !head ? "" : head.waiting ? html`<span class="chip warn">${gettext("waiting to send")}</span>` : html`<audio controls preload="none" src="/api/attachments/${head.value}/" @click=${(event) => event.stopPropagation()}></audio>`;

/** The sound of a row of the time line, "" for every other row. */
export function soundOfRow(row) {
  const of = (element) => row.places?.find((place) => place.element === element)?.heads[0];
  return of("attachment.kind")?.value === "audio" ? soundOf(of("attachment.reference")) : "";
}
