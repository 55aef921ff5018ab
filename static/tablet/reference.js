// What the record is written by: the catalogue of its elements, the forms, the formulary. Names nobody; kept by the worker.

import { api, ApiError } from "../shared/api.js";
import { nameOfficialCodes } from "../shared/terms.js";

const PARTS = { catalogue: "/api/record/catalogue/", forms: "/api/record/forms/", formulary: "/api/record/formulary/", codeLists: "/api/record/code-lists/", pathways: "/api/pathways/" };
const AGAIN_MS = 30_000;

/** Read every part into the state; what cannot be had now is tried again. */
export function loadReference(store) {
  const read = async (name) => {
    try {
      const part = await api.get(PARTS[name]);
      if (name === "codeLists") nameOfficialCodes(Object.values(part.elements).flat());
      store.dispatch({ t: "set", values: { reference: { ...store.state.reference, [name]: part } } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setTimeout(() => read(name), AGAIN_MS);
    }
  };
  return Promise.all(Object.keys(PARTS).map(read));
}

/** The element of the catalogue as written there, or null before it is known. */
export const elementOf = (state, code) => state.reference.catalogue?.elements[code] ?? null;
