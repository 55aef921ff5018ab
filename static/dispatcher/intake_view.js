// The intake form: a panel beside the map, worked from top to bottom by keyboard alone.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { label, nameOf, termsOf } from "../shared/terms.js";
import { combobox } from "./combobox_view.js";
import { currentDraft } from "./console_state.js";
import { matchingComplaints } from "./intake_state.js";
import { questionView } from "./question_view.js";
import { duplicatesView, judgementView } from "./triage_view.js";

const PLACE_KINDS = {
  address: () => gettext("Address"),
  street: () => gettext("Street"),
  junction: () => gettext("Junction"),
  place: () => gettext("Place"),
  coordinates: () => gettext("Coordinates"),
  plus_code: () => gettext("Plus code"),
  online: () => gettext("Online"),
  ask_online: () => "",
};
const PROVIDERS = { nominatim: "Nominatim", photon: "Photon", baidu: "百度地图", amap: "高德地图" };

/** The places found, and where the centre allows it, one more line: ask the geocoder outside. */
function placeOptions(draft, act) {
  const text = draft.placeText.trim();
  if (!act.geocoder || text.length < 3 || draft.placesFor !== draft.placeText || draft.places.some((one) => one.kind === "online")) return draft.places;
  const label = interpolate(gettext("Search online (%(provider)s)"), { provider: PROVIDERS[act.geocoder] }, true);
  return [...draft.places, { kind: "ask_online", label_en: label, label_zh: label, detail: text }];
}

const field = (act, name, value) => act.dispatch({ t: "intake/field", field: name, value });

const placeOption = (place) => html`
  <span class="one-line"><b>${nameOf(place, "label")}</b> ${place.detail ? html`<span class="faint">${place.detail}</span>` : nothing}</span>
  <span class="faint small">${PLACE_KINDS[place.kind]?.() ?? place.kind}</span>
`;

function placeField(draft, act) {
  const { place } = draft;
  return html`<div class="field">
    <label for="place">${gettext("Where")} <span class="faint">${gettext("address, junction, place, coordinates, plus code or a click on the map")}</span></label>
    ${combobox({
      id: "place",
      text: draft.placeText,
      options: placeOptions(draft, act),
      index: draft.placeIndex,
      chosen: draft.place,
      late: draft.placeText.trim().length >= 2 && draft.placesFor !== draft.placeText,
      invalid: draft.missing === "place",
      placeholder: gettext("Where is the patient?"),
      hint: gettext("Places found"),
      optionView: placeOption,
      onText: act.typePlace,
      onMove: (index) => field(act, "placeIndex", index),
      onChoose: (found) => (found.kind === "ask_online" ? act.searchOnline(draft.placeText) : (act.choosePlace(found), act.next("place"))),
      onEarly: () => field(act, "placeEarly", true),
    })}
    ${place ? html`<span class="faint small number">${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}</span>` : nothing}
    ${draft.missing === "place" ? html`<span class="error">${gettext("Choose a place first.")}</span>` : nothing}
  </div>`;
}

function complaintField(state, draft, act) {
  const options = matchingComplaints(state.protocol, draft.complaintText);
  return html`<div class="field">
    <label for="complaint">${gettext("What has happened?")}</label>
    ${combobox({
      id: "complaint",
      text: draft.complaintText,
      options,
      index: Math.min(draft.complaintIndex, Math.max(0, options.length - 1)),
      chosen: draft.complaint,
      invalid: draft.missing === "complaint",
      placeholder: gettext("Type the complaint"),
      hint: gettext("Complaints found"),
      optionView: (complaint) => html`<b>${complaint.label}</b>`,
      onText: (text) => act.dispatch({ t: "intake/complaint_text", text }),
      onMove: (index) => field(act, "complaintIndex", index),
      onChoose: (complaint) => (act.chooseComplaint(complaint.code), act.next("complaint")),
    })}
    ${draft.missing === "complaint" ? html`<span class="error">${gettext("Choose a complaint first.")}</span>` : nothing}
  </div>`;
}

function questions(draft, act, asked, arrest) {
  return asked.map((question) =>
    questionView({
      question,
      arrest,
      answer: draft.answers[question.code],
      onAnswer: (code, answer, options) => {
        act.answer(code, answer);
        if (!options?.stay) act.next(`question:${code}`);
      },
      onNext: act.step,
    }),
  );
}

function patientFields(draft, act) {
  return html`<div class="pair">
    <div class="field age-field">
      <label for="age">${gettext("Age")}</label>
      <input id="age" class="input" data-step inputmode="numeric" maxlength="3" .value=${draft.age} @input=${(event) => field(act, "age", event.target.value.replace(/\D/g, ""))} />
    </div>
    <div class="field">
      <label for="sex">${gettext("Sex")}</label>
      <select id="sex" class="input" data-step @change=${(event) => field(act, "sex", event.target.value)}>
        ${termsOf("sex").map(([code, text]) => html`<option value=${code} ?selected=${draft.sex === code}>${text}</option>`)}
      </select>
    </div>
    <div class="field grow">
      <label for="note">${gettext("Note for the crew")}</label>
      <input id="note" class="input" data-step maxlength="500" .value=${draft.note} @input=${(event) => field(act, "note", event.target.value)} />
    </div>
  </div>`;
}

export function intakeView(state, act) {
  const draft = currentDraft(state);
  if (!draft) return nothing;
  const complaint = state.protocol?.complaints.find((one) => one.code === draft.complaint);
  const call = state.board.collections.calls?.[draft.callId];
  return html`
    <div class="panel-head intake-head">
      <h2>${gettext("New call")}</h2>
      <button type="button" class="button quiet small push" @click=${act.back}>${gettext("Put aside")} <kbd>Esc</kbd></button>
    </div>
    <form class="panel-body padded intake" @submit=${(event) => event.preventDefault()}>
      <div class="pair">
        <div class="field number-field">
          <label for="number">${gettext("Caller's number")}</label>
          <input id="number" class="input" data-step type="tel" autocomplete="off" .value=${draft.number} @input=${(event) => field(act, "number", event.target.value)} @change=${act.saveNumber} />
        </div>
        <dl class="line-clocks">
          <div><dt>${gettext("Answered after")}</dt><dd><time data-elapsed=${draft.ringAt} data-until=${call?.answered_at ?? nothing} data-late="10"></time></dd></div>
          <div><dt>${gettext("On the line")}</dt><dd><time class="big-clock" data-elapsed=${call?.answered_at ?? draft.ringAt} data-warn="60" data-late="120"></time></dd></div>
        </dl>
      </div>
      ${placeField(draft, act)}
      <div class="field">
        <label for="detail">${gettext("Floor, flat, entrance")}</label>
        <input id="detail" class="input" data-step autocomplete="off" .value=${draft.detail} @input=${(event) => field(act, "detail", event.target.value)} />
      </div>
      ${duplicatesView(draft, act)}
      <fieldset class="questions"><legend class="label">${gettext("First, for every call")}</legend>${questions(draft, act, state.protocol?.arrest_questions ?? [], true)}</fieldset>
      ${complaintField(state, draft, act)}
      ${complaint?.questions?.length ? html`<fieldset class="questions"><legend class="label">${label("complaint", complaint.code)}</legend>${questions(draft, act, complaint.questions, false)}</fieldset>` : nothing}
      ${patientFields(draft, act)}
    </form>
    ${judgementView(draft, act)}
  `;
}
