// The command bar: one line over the screen, with type-ahead; every command presses a button of the console.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { combobox } from "./combobox_view.js";
import { placeWanted, suggest } from "./commands.js";

const optionView = (option) => html`<span class="one-line"><b>${option.label}</b> <span class="faint">${option.detail}</span></span>${option.run ? nothing : html`<span class="faint small">…</span>`}`;

export function commandBarView(state, act) {
  const { bar } = state;
  if (!bar) return nothing;
  const { options, error } = suggest(state, bar.text, bar.places);
  const wanted = placeWanted(bar.text);
  const late = wanted !== null && bar.placesFor !== wanted;
  const shown = error && !late && (bar.refused || bar.text.trim().length > 2) ? error : null;
  return html`<div class="bar-scrim" @click=${act.back}>
    <section class="command-bar" role="dialog" aria-modal="true" aria-label=${gettext("Command bar")} @click=${(event) => event.stopPropagation()}>
      <span class="prompt" aria-hidden="true">:</span>
      ${combobox({
        id: "command",
        text: bar.text,
        options,
        index: Math.min(bar.index, Math.max(0, options.length - 1)),
        chosen: null,
        late,
        invalid: shown,
        placeholder: gettext("Command, unit, incident number …"),
        hint: gettext("Commands"),
        optionView,
        onText: act.typeCommand,
        onMove: (index) => act.set({ bar: { ...bar, index } }),
        onChoose: act.runCommand,
        onEarly: () => act.set({ bar: { ...bar, early: true } }),
      })}
      <p class="error small" role="alert">${shown ?? ""}</p>
    </section>
  </div>`;
}
