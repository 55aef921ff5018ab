// Sealing and wrapping with WebCrypto. Knows no storage and no server; Node runs it in tests.
// A data key (AES-GCM, 256 bits) seals rows; it is kept only wrapped, by the server's secret and by a PIN.

export const PIN_ROUNDS = 600_000; // PBKDF2-HMAC-SHA-256, OWASP's figure of 2023
const AES = { name: "AES-GCM", length: 256 };
const WRAPPING = ["wrapKey", "unwrapKey"];
const text = new TextEncoder();
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const gcm = (iv, about) => ({ name: "AES-GCM", iv, additionalData: text.encode(about) });

/** A new data key that may leave once, to be wrapped. */
export const newDataKey = () => crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]);

/** secret: 32 bytes of the server. */
export const secretKey = (secret) => crypto.subtle.importKey("raw", secret, AES, false, WRAPPING);

export async function pinKey(pin, { salt, rounds }) {
  const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, base, AES, false, WRAPPING);
}

export const newPinRule = () => ({ salt: random(16), rounds: PIN_ROUNDS });

export async function wrap(dataKey, wrappingKey) {
  const iv = random(12);
  return { iv, wrapped: await crypto.subtle.wrapKey("raw", dataKey, wrappingKey, gcm(iv, "data key")) };
}

/** Throws OperationError where the wrapping key is the wrong one. `extractable` only to wrap it anew. */
export const unwrap = ({ iv, wrapped }, wrappingKey, extractable = false) =>
  crypto.subtle.unwrapKey("raw", wrapped, wrappingKey, gcm(iv, "data key"), AES, extractable, ["encrypt", "decrypt"]);

/** value: anything JSON can hold, or bytes. about: where it belongs; elsewhere it does not open. */
export async function seal(dataKey, about, value) {
  const iv = random(12);
  const bytes = value instanceof Uint8Array ? value : text.encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt(gcm(iv, about), dataKey, bytes) };
}

export const unsealBytes = async (dataKey, about, { iv, sealed }) => new Uint8Array(await crypto.subtle.decrypt(gcm(iv, about), dataKey, sealed));

const words = new TextDecoder();

// One turn of the event loop a row: a tablet opens hundreds at once.
export const unseal = (dataKey, about, { iv, sealed }) => crypto.subtle.decrypt(gcm(iv, about), dataKey, sealed).then((bytes) => JSON.parse(words.decode(bytes)));
