// All keys and all commands on one sheet.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { commandList } from "./commands.js";

const groups = () => [
  [gettext("Anywhere"), [
    [":", gettext("Command bar, also Ctrl K")],
    ["N", gettext("New call: the answer clock stops")],
    ["W", gettext("First waiting incident")],
    ["A", gettext("First alert: go to it")],
    ["K", gettext("Take the first crew alarm")],
    ["/", gettext("Find a unit")],
    ["E", gettext("Everything, or only the selected incident")],
    ["V", gettext("Coverage of this moment on the map")],
    ["G", gettext("Send the unit that is proposed to move")],
    ["H", gettext("Leave that unit where it is, and say why")],
    ["P", gettext("Send the selected free unit to a post, with the reason")],
    ["J", gettext("Journal shown or hidden")],
    ["S", gettext("Sound on or off")],
    ["F6", gettext("Next part of the screen")],
    ["↑ ↓", gettext("Next or previous row")],
    ["Esc", gettext("One step back")],
    ["?", gettext("This sheet")],
  ], "sheet-long"],
  [gettext("Map"), [
    ["M", gettext("Map: the selection, or everything")],
    ["← → ↑ ↓", gettext("Move the map")],
    ["+ −", gettext("Nearer or farther")],
    ["C", gettext("Close a road: click it on the map")],
    ["Z", gettext("Draw a zone: Space sets a corner, ⏎ ends")],
    ["T", gettext("Replay the track of the selected unit")],
    [", .", gettext("In a replay: status before, next status")],
  ], "sheet-map"],
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
        ${groups().map(([title, keys, shape]) => html`<div class=${shape ?? ""}><h3>${title}</h3><dl>${keys.map(([key, text]) => html`<dt>${key.split(" ").map((one) => html`<kbd>${one}</kbd>`)}</dt><dd>${text}</dd>`)}</dl></div>`)}
        <div class="sheet-commands"><h3>${gettext("Commands of the bar")}</h3>
          <dl>${commandList().map(([word, about]) => html`<dt><code>${word}</code></dt><dd class="muted">${about}</dd>`)}</dl></div>
      </div>
    </section>
  </div>`;
}
