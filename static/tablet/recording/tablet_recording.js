// Recording on this tablet: every camera that starts is recorded; what goes wrong is told at once and stays in the bar.

import { label, me } from "../../shared/terms.js";
import { toast } from "../../shared/toast.js";
import { whenCameraStarts } from "../camera/cameras.js";
import { openRecordingDesk } from "./desk.js";

const TROUBLE = {
  full: () => gettext("The tablet’s storage is full: %(camera)s is no longer recorded."),
  hub_full: () => gettext("The centre’s storage is full: the record of %(camera)s waits here."),
  cannot_record: () => gettext("This browser cannot record: %(camera)s is only live."),
  fault: () => gettext("%(camera)s is not recorded. Start the camera again."),
};
// About 16 kB each: what waits, as people measure it.
const PIECES_A_MEGABYTE = 64;

/** element: in the bar. Returns {onVault(vault)}: called at every unlocking, the first one opens the desk. */
export function followRecording(element) {
  let opening = null;
  let trouble = "";
  let told = { waiting: 0 };

  function draw() {
    const megabytes = Math.ceil(told.waiting / PIECES_A_MEGABYTE);
    element.hidden = !trouble && megabytes < 1;
    element.className = `chip ${trouble ? "bad" : "warn"}`;
    element.textContent = trouble || interpolate(gettext("Recordings: %(size)s MB wait"), { size: megabytes }, true);
  }

  function onTrouble(code, role) {
    const text = interpolate(TROUBLE[code](), { camera: label("camera", role) }, true);
    if (text === trouble) return;
    trouble = text;
    toast(text, "bad");
    draw();
  }

  /** At once, whatever is still being opened: what is asked meanwhile follows in its order. */
  function start(what) {
    trouble = "";
    const recorder = opening?.then((desk) => desk.start(what));
    if (!recorder) onTrouble("fault", what.about.role);
    const later = (name) => (...values) => recorder?.then((one) => one[name](...values));
    return { stop: later("stop"), policy: later("policy"), rate: later("rate") };
  }
  whenCameraStarts(start);

  return {
    onVault(vault) {
      opening ??= openRecordingDesk({ userId: me().id, keeper: vault, onTrouble, onChange: (next) => ((told = next), draw()) });
      opening.catch((error) => {
        console.error(error);
        opening = null;
        onTrouble("fault", "cabin");
      });
    },
  };
}
