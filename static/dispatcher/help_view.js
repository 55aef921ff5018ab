// All keys on one sheet.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";

const groups = () => [
  [gettext("Anywhere"), [
    ["N", gettext("New call: the answer clock stops")],
    ["W", gettext("First waiting incident")],
    ["/", gettext("Find a unit")],
    ["M", gettext("Map: the selection, or everything")],
    ["V", gettext("Coverage of this moment on the map")],
    ["G", gettext("Send the unit that is proposed to move")],
    ["H", gettext("Leave that unit where it is, and say why")],
    ["C", gettext("Close a road: click it on the map")],
    ["J", gettext("Journal larger or smaller")],
    ["F6", gettext("Next part of the screen")],
    ["↑ ↓", gettext("Next or previous row")],
    ["Esc", gettext("One step back")],
    ["?", gettext("This sheet")],
  ]],
  [gettext("While taking a call"), [
    ["⏎", gettext("Take the suggestion, go to the next field")],
    ["Y N U", gettext("Answer yes, no, unsure")],
    ["↑ ↓", gettext("Choose a suggestion or a question")],
    ["Alt A", gettext("Attach the call to the known incident")],
    ["Ctrl ⏎", gettext("Save and see the recommended units")],
    ["Esc", gettext("Put the call aside; it stays in the list")],
  ]],
  [gettext("With an incident selected"), [
    ["1 … 9", gettext("Send that unit; any but the recommended asks why")],
    ["R", gettext("Recommend units, or ask again")],
    ["X", gettext("Units not considered, and why")],
  ]],
];

export function helpView(state, act) {
  if (!state.help) return nothing;
  return html`<div class="sheet-scrim" @click=${act.back}>
    <section class="sheet" role="dialog" aria-modal="true" aria-label=${gettext("Keys")} @click=${(event) => event.stopPropagation()}>
      <header class="dialog-head"><h2>${gettext("Keys")}</h2><button id="close-help" class="button quiet small push" @click=${act.back}>${gettext("Close")} <kbd>Esc</kbd></button></header>
      <div class="sheet-body">
        ${groups().map(([title, keys]) => html`<div><h3>${title}</h3><dl>${keys.map(([key, text]) => html`<dt>${key.split(" ").map((one) => html`<kbd>${one}</kbd>`)}</dt><dd>${text}</dd>`)}</dl></div>`)}
      </div>
    </section>
  </div>`;
}
