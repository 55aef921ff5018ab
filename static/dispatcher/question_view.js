// One triage question: Y, N or U on the keyboard, and on to the next.

import { html } from "/static/vendor/lit-html/lit-html.js";

const usual = () => [
  { code: "yes", label: gettext("Yes") },
  { code: "no", label: gettext("No") },
  { code: "unsure", label: gettext("Unsure") },
];
// By place on the keyboard, so that an input method for Chinese does not get in the way.
const KEYS = { KeyY: "yes", KeyN: "no", KeyU: "unsure" };
const LETTER = { yes: "Y", no: "N", unsure: "U" };

function onKey(event, { question, answers, answer, onAnswer, onNext }) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const code = KEYS[event.code];
  const chosen = answers.find((one) => one.code === code) ?? (/^Digit[1-9]$/.test(event.code) ? answers[Number(event.code.slice(5)) - 1] : undefined);
  if (chosen) onAnswer(question.code, chosen.code);
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const at = answers.findIndex((one) => one.code === answer);
    const step = event.key === "ArrowRight" ? 1 : -1;
    onAnswer(question.code, answers[(at + step + answers.length) % answers.length].code, { stay: true });
  } else if (event.key === "Enter" || event.key === "ArrowDown") onNext(1);
  else if (event.key === "ArrowUp") onNext(-1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** onAnswer(question, answer, {stay}); onNext(±1). */
export function questionView({ question, answer, arrest, onAnswer, onNext }) {
  const answers = question.answers?.length ? question.answers : usual();
  const hint = (code, at) => LETTER[code] ?? String(at + 1);
  return html`
    <div
      class="question ${arrest ? "arrest" : ""}"
      role="radiogroup"
      tabindex="0"
      data-step
      data-question=${question.code}
      data-open=${answer === undefined}
      aria-label=${question.text}
      @keydown=${(event) => onKey(event, { question, answers, answer, onAnswer, onNext })}
    >
      <span class="question-text">${question.text}</span>
      <span class="choice">
        ${answers.map(
          (one, at) => html`<button type="button" role="radio" tabindex="-1" data-answer=${one.code} aria-checked=${answer === one.code} @click=${() => onAnswer(question.code, one.code)}><kbd>${hint(one.code, at)}</kbd> ${one.label}</button>`,
        )}
      </span>
    </div>
  `;
}
