// Reads a barcode or QR code with the camera where the browser can; else people type.

const FORMATS = ["code_128", "code_39", "qr_code", "ean_13", "data_matrix", "itf", "codabar"];
const LOOK_MS = 200;

export const canScan = () => "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);

/** Shows the camera in `video` until a code is read or stop() is called. Resolves to the text, or null. */
export function scan(video) {
  let stopped = false;
  let stream = null;
  const stop = () => {
    stopped = true;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  async function read() {
    const known = await globalThis.BarcodeDetector.getSupportedFormats();
    const detector = new globalThis.BarcodeDetector({ formats: FORMATS.filter((one) => known.includes(one)) });
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    while (!stopped) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found?.rawValue) {
        stop();
        return found.rawValue.trim();
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return null;
  }
  return { result: read().catch(() => (stop(), null)), stop };
}
