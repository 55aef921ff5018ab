// Big keys for a number.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { pressed } from "./keypad.js";

const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", ".", "0", "⌫"];

/** change(text) after every key. */
export const keysView = (typed, change) => html`<div class="keypad">${KEYS.map((key) => html`<button type="button" class="button" data-key=${key} @click=${() => change(pressed(typed, key))}>${key}</button>`)}</div>`;
