// What changes only the screen: step back, filters, the map's view, the second window, the first alert.

import { api } from "../shared/api.js";
import { item, list } from "../shared/reduce.js";
import { toast } from "../shared/toast.js";
import { shownAlerts } from "./alerts_view.js";
import { askOptions } from "./ask_view.js";
import { openIncidents } from "./choose.js";
import { currentDraft } from "./console_state.js";
import { showPart } from "./part_windows.js";

const PAN_PX = 160;
const byId = (id) => document.getElementById(id);

export function createScreenCommands({ store, map, focus, act }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const left = () => (store.state.panel ? byId("work").offsetWidth : 0);

  function selectFirstWaiting() {
    const { waiting, served } = openIncidents(store.state.board);
    const first = waiting[0] ?? served[0];
    if (first) act().select(first.id);
  }

  function toggleHelp() {
    set({ help: !store.state.help });
    focus.help();
  }

  function back() {
    const { help, bar, panel } = store.state;
    if (panel === "intake" && !help && !bar) map.pin(null);
    if (!bar && document.activeElement?.id === "find-unit") {
      document.activeElement.blur();
      return set({ unitText: "" });
    }
    if (!panel && store.state.found) map.pin(null);
    store.dispatch({ t: "back" });
    if (bar || (!help && byId("work").contains(document.activeElement))) document.activeElement?.blur();
  }

  const showAlarm = (alarm) => map.focus([[alarm.lon, alarm.lat]], { maxZoom: 16, left: left() });

  /** What an alert is about is selected; looked at, it leaves the list of alerts, also of the next page. */
  function goToAlert(alert) {
    act().sawAlerts([alert]);
    if (alert.call) return act().openCall(alert.call);
    if (alert.incident_id) return act().select(alert.incident_id);
    if (alert.hospital) return act().goToHospital(alert.hospital);
    return alert.alarm?.lat ? showAlarm(alert.alarm) : undefined;
  }

  function firstAlert() {
    const [first] = shownAlerts(store.state);
    if (first) goToAlert(first);
  }

  function takeFirstAlarm() {
    const [first] = list(store.state.board, "crew_alarms").filter((one) => !one.acknowledged_at);
    return first ? act().takeAlarm(first) : undefined;
  }

  function replaySelected() {
    const unit = item(store.state.board, "units", store.state.selection.unit);
    return unit ? act().openReplay(unit) : act().openBar(`${gettext("replay")} `);
  }

  function attachNearest() {
    const [nearest] = currentDraft(store.state)?.duplicates ?? [];
    return nearest ? act().attach(nearest.incident_id) : null;
  }

  function pickOption(digit) {
    const option = askOptions(store.state)[digit - 1];
    return option ? act().answerAsk(option[0]) : null;
  }

  /** Older rows of the selected incident's journal; once, the newer ones come with the board. */
  async function fetchOlder() {
    const { incident } = store.state.selection;
    if (!incident || store.state.older[incident]) return;
    set({ older: { ...store.state.older, [incident]: {} } });
    const rows = await api.get(`/api/journal/?incident=${incident}`).catch(() => ({}));
    set({ older: { ...store.state.older, [incident]: rows } });
  }
  store.subscribe(fetchOlder);

  return {
    selectFirstWaiting,
    toggleHelp,
    back,
    showAlarm,
    goToAlert,
    firstAlert,
    takeFirstAlarm,
    replaySelected,
    attachNearest,
    pickOption,
    pointAtRoad: () => set({ pointing: true, drawing: null, ask: null }),
    showPicture: (mission) => set({ picture: store.state.picture === mission.id ? null : mission.id }),
    selectUnit: (unit) => store.dispatch({ t: "select/unit", id: unit.id }),
    toggleFollow: () => set({ follow: !store.state.follow }),
    toggleJournal: () => set({ journalOpen: !store.state.journalOpen }),
    zoomBy: map.zoomBy,
    panMap: (x, y) => map.panBy(x * PAN_PX, y * PAN_PX),
    popOut: (part) => void (showPart(part) || toast(gettext("The browser has blocked the window. Allow windows for this address."), "bad")),
  };
}
