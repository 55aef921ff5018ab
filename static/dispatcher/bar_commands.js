// The command bar's own work: open, take the typing, look for places, press the button that was named.

import { api } from "../shared/api.js";
import { debounced } from "./intake_commands.js";
import { placeWanted, suggest } from "./commands.js";

const EMPTY = { text: "", index: 0, places: [], placesFor: null, early: false, refused: false };

export function createBarCommands({ store, focus, near, act }) {
  const set = (values) => store.dispatch({ t: "set", values });
  const change = (values) => store.state.bar && set({ bar: { ...store.state.bar, ...values } });
  let before = null;

  function openBar(text = "") {
    before = document.activeElement;
    set({ bar: { ...EMPTY, text }, help: false });
    focus.field("command");
  }

  const fetchPlaces = debounced(async (signal, wanted) => {
    const places = await api.get(`/api/places/?q=${encodeURIComponent(wanted)}${near()}`, { signal });
    change({ places, placesFor: wanted });
    // Enter came before the answer: it meant the first of these.
    if (store.state.bar?.early && placeWanted(store.state.bar.text) === wanted) runFirst();
  });

  function typeCommand(text) {
    change({ text, index: 0, early: false, refused: false });
    const wanted = placeWanted(text);
    if (wanted && wanted !== store.state.bar.placesFor) fetchPlaces(wanted);
  }

  function runFirst() {
    const [first] = suggest(store.state, store.state.bar.text, store.state.bar.places).options;
    if (first) runCommand(first);
    else change({ early: false, refused: true });
  }

  function closeBar() {
    set({ bar: null });
    if (before?.isConnected && before !== document.body) before.focus();
    else document.activeElement?.blur();
  }

  /** One option: either more is to be typed, or its button is pressed. */
  function runCommand(option) {
    if (!option.run) {
      typeCommand(option.word);
      return focus.field("command"); // drawn at once: the next letter belongs behind the word
    }
    closeBar();
    return option.run(act());
  }

  /** Enter where nothing can be chosen: say why. */
  const refuseCommand = () => change({ refused: true });

  return { openBar, typeCommand, runCommand, refuseCommand };
}
