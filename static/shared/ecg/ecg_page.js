// The page of one ECG, to look at and to print.

import { api, orToast } from "../api.js";
import { mountEcg } from "./ecg_viewer.js";

const element = document.getElementById("ecg");
const ecg = await orToast(api.get(`/api/ecgs/${element.dataset.id}/`));
if (ecg) mountEcg(element, ecg);
