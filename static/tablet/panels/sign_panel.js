// A signature with a finger: who signs, under which words; or why nobody does.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { chinese, termsOf, wordOf } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { group } from "../../shared/record/entries.js";
import { answers, panel, ready } from "./frame.js";

const WIDTH = 600;
const HEIGHT = 200;
const NOT_SIGNED = ["refused", "unconscious", "deceased", "mental_status", "minor", "physical", "illiterate"];
const FOR_OTHERS = ["representative", "healthcare"];

/** The strokes on the pad as an SVG path; kept here, because a finger is faster than the screen's state. */
let drawn = "";

function pad(act) {
  const at = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return `${Math.round(((event.clientX - box.left) / box.width) * WIDTH)},${Math.round(((event.clientY - box.top) / box.height) * HEIGHT)}`;
  };
  const show = (event) => event.currentTarget.querySelector("path").setAttribute("d", drawn);
  const down = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drawn += `M${at(event)}`;
  };
  const move = (event) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    drawn += `L${at(event)}`;
    show(event);
  };
  const up = () => act.change({ signed: drawn.includes("L") });
  return html`<svg id="pad" class="pad" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${gettext("Sign here")} @pointerdown=${down} @pointermove=${move} @pointerup=${up} @pointercancel=${up}>
    <line x1="20" y1="160" x2="580" y2="160"></line><path></path></svg>`;
}

/** The elements of a signature. `status`: why nobody signed, or empty. */
export function signatureOf({ signer, reason, status, name, path, statement, version, at }) {
  return {
    "signature.signer": signer,
    "signature.reason": reason,
    "signature.status": status || (FOR_OTHERS.includes(signer) ? "signed_by_other" : "signed"),
    "signature.name": name,
    "signature.signed_at": at,
    "signature.image": status ? undefined : path,
    "signature.statement": statement,
    "signature.statement_version": version,
  };
}

/** panel: {name: "sign", signer, reason, person, signed, status, then}. */
export function signPanel(state, mission, act) {
  const { signer = "patient", reason = "transfer_of_care", signed = false, status = "", then = null } = state.panel;
  const under = state.reference.forms?.statements[reason];
  const close = () => {
    drawn = "";
    act.set({ panel: then });
  };
  const clear = () => {
    drawn = "";
    document.querySelector("#pad path")?.setAttribute("d", "");
    act.change({ signed: false });
  };
  const save = () => {
    const name = document.getElementById("signer-name")?.value.trim() ?? "";
    const at = nowIso();
    act.write(mission, group(signatureOf({ signer, reason, status, name, path: drawn, statement: under && wordOf(under), version: under && `${reason} ${under.version} ${chinese() ? "zh" : "en"}`, at }), at));
    close();
  };
  return panel("sign", gettext("Signature"), html`<div class="sign" data-wide>
    <div class="sign-here">${under ? html`<blockquote class="statement">${wordOf(under)}</blockquote>` : ""}
      ${status ? "" : html`${pad(act)}<p class="line-head"><label class="field"><span>${gettext("Name")}</span><input class="input" id="signer-name" maxlength="80"></label><button type="button" class="button" data-act="clear" @click=${clear}>${gettext("Clear")}</button></p>`}</div>
    <div>${answers("signer", gettext("Who signs?"), termsOf("signer"), signer, (code) => act.change({ signer: code }))}
      ${answers("reason", gettext("What for?"), termsOf("signature_reason"), reason, (code) => act.change({ reason: code }))}
      ${answers("status", gettext("Not signed, because"), termsOf("signature_status").filter(([code]) => NOT_SIGNED.includes(code)), status, (code) => act.change({ status: status === code ? "" : code }))}</div></div>`, act, {
    back: close,
    foot: ready("save-signature", status ? gettext("Record") : gettext("Signed"), save, { disabled: !status && !signed }),
  });
}
