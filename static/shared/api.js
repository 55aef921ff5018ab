// HTTP to /api/: session, CSRF header, typed errors whose text comes from the server in the user's language.

import { toast } from "./toast.js";

/** code: the server's refusal code, or 'no_connection' | 'bad_answer'. detail: for people. */
export class ApiError extends Error {
  constructor(status, code, detail, answer = null) {
    super(detail);
    this.answer = answer; // the whole body, for refusals that say more
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** A client-made UUIDv4, also on plain http in a LAN, where randomUUID is missing. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function csrfToken() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : document.documentElement.dataset.csrf ?? "";
}

/** Field errors ({field: [text]}) and {code, detail} both become one readable line. */
function explain(body) {
  if (typeof body?.detail === "string") return body.detail;
  if (body && typeof body === "object") return Object.values(body).flat().filter((text) => typeof text === "string").join(" ");
  return "";
}

async function request(method, path, body, { signal } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  const form = body instanceof FormData; // its boundary is the browser's to write
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined || form ? body : JSON.stringify(body), signal, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "no_connection", gettext("The server cannot be reached. Nothing was saved."));
  }
  if (response.status === 204) return null;
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    throw new ApiError(response.status, "bad_answer", interpolate(gettext("The server answered with an error (%(status)s)."), { status: response.status }, true));
  }
  if (response.ok) return answer;
  const detail = explain(answer) || interpolate(gettext("The server answered with an error (%(status)s)."), { status: response.status }, true);
  throw new ApiError(response.status, answer?.code ?? "refused", detail, answer);
}

export const api = {
  get: (path, options) => request("GET", path, undefined, options),
  post: (path, body = {}, options) => request("POST", path, body, options),
  put: (path, body = {}, options) => request("PUT", path, body, options),
  delete: (path, options) => request("DELETE", path, undefined, options),
};

/** Run a promise; a refusal becomes a toast and `undefined`, anything else is a bug and rises. */
export async function orToast(promise) {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.detail, "bad");
    return undefined;
  }
}
