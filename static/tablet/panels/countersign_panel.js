// The receiver signs on the crew's tablet, with the name and password of their own account. Never kept on the tablet.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { createPad } from "../../shared/sign_pad.js";
import { chinese, wordOf } from "../../shared/terms.js";
import { panel, ready } from "./frame.js";

let pad = null;

/** panel: {name: "countersign", busy, fault}. */
export function countersignPanel(state, mission, act) {
  const { busy = false, fault = "" } = state.panel;
  pad ??= createPad(() => {});
  const under = state.reference.forms?.statements.transfer_of_care;
  const close = () => {
    pad = null;
    act.close();
  };
  const sign = async () => {
    const value = (id) => document.getElementById(id).value;
    const done = await act.countersign(mission, {
      username: value("receiver-name"),
      password: value("receiver-password"),
      remark: value("receiver-remark"),
      image: pad.path().includes("L") ? pad.path() : "",
      statement_version: under ? `transfer_of_care ${under.version} ${chinese() ? "zh" : "en"}` : "",
    });
    if (done) close();
  };
  return panel("countersign", gettext("The hospital signs here"), html`<div class="sign" data-wide>
    <div class="typed">${fault ? html`<p class="notice bad" role="alert">${fault}</p>` : ""}
      <label class="field"><span>${gettext("User name at the hospital")}</span><input class="input" id="receiver-name" autocomplete="off" autocapitalize="none" maxlength="150"></label>
      <label class="field"><span>${gettext("Password")}</span><input class="input" id="receiver-password" type="password" autocomplete="off" maxlength="200"></label>
      <label class="field"><span>${gettext("Remark: what is missing or different")}</span><input class="input" id="receiver-remark" maxlength="300"></label>
      <p class="faint">${gettext("The password is checked once and not kept here. It needs the network.")}</p></div>
    <div class="sign-here">${under ? html`<blockquote class="statement">${wordOf(under)}</blockquote>` : ""}${pad.view()}
      <p class="line-head"><span></span><button type="button" class="button" data-act="clear" @click=${() => pad.clear()}>${gettext("Clear")}</button></p></div></div>`, act, {
    back: close,
    foot: ready("save-countersign", gettext("Receive and sign"), sign, { disabled: busy }),
  });
}
