// A text box with suggestions, worked by arrows and Enter (the ARIA combobox pattern).

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { flush } from "../shared/store.js";

/** What is chosen belongs to what is typed: a fast Enter must not take the list of some letters ago. */
function onKey(event) {
  if (event.isComposing) return;
  if (event.key === "Enter") flush();
  const { options, index, late, onMove, onChoose, onEarly } = event.target.suggested;
  if (event.key === "Enter" && late) {
    event.preventDefault();
    event.stopPropagation();
    return onEarly();
  }
  if (!options.length) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    onMove((index + step + options.length) % options.length);
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    event.stopPropagation();
    onChoose(options[index]);
  }
}

/**
 * options: any list; optionView(option) its template; chosen: true once a choice was made (then no list is shown).
 * late: the options are still those of an older text. onText(text), onMove(index), onChoose(option), onEarly() for Enter while late.
 */
export function combobox({ id, text, options, index, chosen, late = false, invalid, placeholder, hint, optionView, onText, onMove, onChoose, onEarly }) {
  const open = !chosen && options.length > 0;
  return html`
    <div class="combobox">
      <input
        id=${id}
        class="input"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        data-step
        data-chosen=${Boolean(chosen)}
        placeholder=${placeholder}
        aria-expanded=${open}
        aria-controls="${id}-list"
        aria-autocomplete="list"
        aria-activedescendant=${open ? `${id}-${index}` : nothing}
        aria-invalid=${Boolean(invalid)}
        .value=${text}
        @input=${(event) => onText(event.target.value)}
        .suggested=${{ options: open ? options : [], index, late: late && !chosen, onMove, onChoose, onEarly }}
        @keydown=${onKey}
      />
      ${chosen ? html`<span class="tick" aria-hidden="true">✓</span>` : nothing}
      <ul id="${id}-list" class="options ${late ? "late" : ""}" role="listbox" ?hidden=${!open} aria-label=${hint}>
        ${open
          ? options.map(
              (option, at) => html`<li id="${id}-${at}" role="option" aria-selected=${at === index} @mousedown=${(event) => (event.preventDefault(), onChoose(option))}>${optionView(option)}</li>`,
            )
          : nothing}
      </ul>
    </div>
  `;
}
