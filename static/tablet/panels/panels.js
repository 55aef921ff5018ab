// The panels by name: what is being written lies over the record's tabs.

import { arrestPanel } from "../arrest/arrest_view.js";
import { bodyPanel } from "../body/body_view.js";
import { countersignPanel } from "./countersign_panel.js";
import { cameraPanel } from "../camera/camera_panel.js";
import { joinPanel, orderPanel } from "../consult/consult_view.js";
import { codesPanel } from "./codes_panel.js";
import { detailPanel } from "./detail_panel.js";
import { drugPanel } from "./drug_panel.js";
import { elementPanel } from "./element_panel.js";
import { formsPanel } from "./forms_panel.js";
import { handoverPanel } from "./handover_panel.js";
import { knownPanel } from "./known_panel.js";
import { photoPanel } from "./photo_panel.js";
import { procedurePanel } from "./procedure_panel.js";
import { refusalPanel } from "./refusal_panel.js";
import { signPanel } from "./sign_panel.js";
import { vitalsPanel } from "./vitals_panel.js";
import { voicePanel } from "./voice_panel.js";

const PANELS = {
  arrest: arrestPanel,
  body: bodyPanel,
  camera: cameraPanel,
  codes: codesPanel,
  consult: joinPanel,
  countersign: countersignPanel,
  detail: detailPanel,
  drug: drugPanel,
  element: elementPanel,
  forms: formsPanel,
  handover: handoverPanel,
  known: knownPanel,
  order: orderPanel,
  photo: photoPanel,
  procedure: procedurePanel,
  refusal: refusalPanel,
  sign: signPanel,
  vitals: vitalsPanel,
  voice: voicePanel,
};

export const panelView = (state, mission, act) => PANELS[state.panel.name](state, mission, act);
