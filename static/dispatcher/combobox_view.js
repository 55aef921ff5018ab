// A text box with suggestions, worked by arrows and Enter (the ARIA combobox pattern).

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";

function onKey(event, { options, index, onMove, onChoose }) {
  if (event.isComposing || !options.length) return;
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
 * onText(text), onMove(index), onChoose(option).
 */
export function combobox({ id, text, options, index, chosen, invalid, placeholder, hint, optionView, onText, onMove, onChoose }) {
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
        @keydown=${(event) => onKey(event, { options: open ? options : [], index, onMove, onChoose })}
      />
      ${chosen ? html`<span class="tick" aria-hidden="true">✓</span>` : nothing}
      <ul id="${id}-list" class="options" role="listbox" ?hidden=${!open} aria-label=${hint}>
        ${open
          ? options.map(
              (option, at) => html`<li id="${id}-${at}" role="option" aria-selected=${at === index} @mousedown=${(event) => (event.preventDefault(), onChoose(option))}>${optionView(option)}</li>`,
            )
          : nothing}
      </ul>
    </div>
  `;
}
