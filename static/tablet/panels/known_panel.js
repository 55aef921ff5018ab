// Who the unknown patient is after all, and what other systems know of him; that nothing was found is shown, too.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { api, orToast } from "../../shared/api.js";
import { label, termsOf } from "../../shared/terms.js";
import { nowIso } from "../../shared/time.js";
import { entry } from "../../shared/record/entries.js";
import { elementText } from "../../shared/record/entry_words.js";
import { elementOf } from "../reference.js";
import { patientOf, placesOf } from "../tablet_state.js";
import { panel } from "./frame.js";

/** panel: {name: "known", busy, matches, history, merged}. Needs the network: an answer of yesterday is none. */
export function knownPanel(state, mission, act) {
  const { busy = false, matches = null, history = null, merge = null } = state.panel;
  const patient = patientOf(state, mission) ?? {};
  const ask = async (work) => {
    act.change({ busy: true });
    const found = await orToast(work());
    act.change({ busy: false, ...found });
  };
  const path = `/api/missions/${mission.id}`;
  const search = (event) => {
    event.preventDefault();
    const sought = Object.fromEntries(new FormData(event.target));
    ask(async () => ({ matches: await api.post(`${path}/patient/matches/`, sought) }));
  };
  const join = (one) => ask(async () => ({ merge: await api.post(`${path}/patient/merge/`, { patient_id: one.id }), matches: null }));
  const part = () => ask(async () => (await api.post(`${path}/patient/part/`, {}), { merge: null }));
  const look = () => ask(async () => ({ history: await api.get(`${path}/history/`) }));
  return panel("known", gettext("Known patient"), html`
    <form class="identity" data-search @submit=${search} autocomplete="off">
      <label class="field"><span>${gettext("Name")}</span><input class="input" name="name" .value=${patient.name ?? ""} maxlength="120"></label>
      <label class="field"><span>${gettext("Document number")}</span><input class="input" name="id_number" .value=${patient.id_number ?? ""} maxlength="40"></label>
      <label class="field"><span>${gettext("Telephone")}</span><input class="input" name="phone" inputmode="tel" .value=${patient.phone ?? ""} maxlength="30"></label>
      <div class="identity-save"><button type="submit" class="button" id="search-known" ?disabled=${busy}>${gettext("Search the centre’s patients")}</button></div>
    </form>
    ${merge ? html`<p class="notice ok">${interpolate(gettext("Joined with %(number)s."), { number: merge.known_number }, true)} <button type="button" class="button" data-act="part" @click=${part}>${gettext("Part again")}</button></p>` : ""}
    ${matches ? html`<div class="open-rows">${matches.length ? matches.map((one) => html`<button type="button" class="open-row" data-match=${one.temporary_number} ?disabled=${busy} @click=${() => join(one)}><b>${one.name}</b> <span>${[label("sex", one.sex), one.age_years ?? one.birth_date ?? "", one.temporary_number].filter(Boolean).join(" · ")}</span></button>`)
      : html`<p class="empty">${gettext("Nobody of this name or number is known here.")}</p>`}</div>` : ""}
    <h2>${gettext("History in other systems")}</h2>
    <button type="button" class="button wide" id="ask-history" ?disabled=${busy} @click=${look}>${gettext("Ask for allergies, drugs and conditions")}</button>
    ${history ? historyView(history, state, mission, act) : ""}`, act);
}

function historyView(history, state, mission, act) {
  const known = new Set(placesOf(state, mission).map((place) => `${place.element} ${place.heads[0].value}`));
  const take = (one) => act.write(mission, [entry(one.element, one.value, nowIso(), { source: "document" })]);
  const words = (one) => termsOf(elementOf(state, one.element)?.table ?? "").find(([code]) => code === one.value)?.[1] ?? one.value;
  return html`<p class="notice" data-state=${history.state} role="status">${history.text}</p>
    <div class="open-rows">${(history.proposals ?? []).map((one) => html`<button type="button" class="open-row" data-known=${one.element} aria-pressed=${known.has(`${one.element} ${one.value}`)} @click=${() => take(one)}>
      <span>${elementText(one.element, state.reference)} <b>${words(one)}</b></span><small>${one.source} ${one.recorded_at ?? ""}</small></button>`)}</div>`;
}
