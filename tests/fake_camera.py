"""A camera for Chromium: a film whose every picture carries its number, to be read off a screen.

Two rows of cells across the upper part of the picture, black or white: 16 bits of the number and
8 of a checksum. Cells are wide enough to be read off the smallest picture that is sent.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

BITS, CHECK_BITS = 16, 8
CELLS = BITS + CHECK_BITS
FLAGS = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--autoplay-policy=no-user-gesture-required",
]


def cells(number: int) -> list[int]:
    check = (number * 37 + 11) & 0xFF
    value = (number << CHECK_BITS) | check
    return [(value >> (CELLS - 1 - place)) & 1 for place in range(CELLS)]


def draw(picture: np.ndarray, number: int) -> None:
    """Into a picture of grey values, in place."""
    height, width = picture.shape
    picture[: height // 4] = 128
    edges = np.linspace(width // 16, width - width // 16, CELLS + 1).astype(int)
    for bit, left, right in zip(cells(number), edges, edges[1:], strict=False):
        picture[height // 24 : height * 5 // 24, left:right] = 235 if bit else 16


def write_film(path: Path, *, width: int = 320, height: int = 240, count: int = 250) -> Path:
    """Chromium skips every fifth picture of an MJPEG film, of a Y4M one none."""
    columns = np.arange(width)
    rows = np.arange(height)[:, None]
    grey = np.full((2 * (height // 2) * (width // 2),), 128, dtype=np.uint8).tobytes()
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F25:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(count):
            picture = ((columns + rows + 5 * number) % 200 + 28).astype(np.uint8)
            draw(picture, number)
            film.write(b"FRAME\n")
            film.write(picture.tobytes())
            film.write(grey)
    return path


# numberOn(source, width, height) → the number of the picture, or null where it cannot be read.
READER = """
globalThis.numberOn = (source, width, height) => {
  globalThis.numberCanvas ??= new OffscreenCanvas(8, 8);
  const canvas = globalThis.numberCanvas;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width; canvas.height = height;
  }
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  drawing.drawImage(source, 0, 0, width, height);
  const line = drawing.getImageData(0, Math.floor(height / 8), width, 1).data;
  const from = Math.floor(width / 16), to = width - Math.floor(width / 16);
  let value = 0;
  for (let place = 0; place < 24; place++) {
    const at = Math.floor(from + ((to - from) * (place + 0.5)) / 24);
    value = value * 2 + (line[4 * at] > 128 ? 1 : 0);
  }
  const number = value >> 8;
  return ((number * 37 + 11) & 255) === (value & 255) ? number : null;
};
void 0; // a function as the last value would be called
"""


# What the page's cameras hand over, and to whom: `given` has [number, timestamp in µs] of every
# picture, from before anybody else gets the first; `recorders` what each recorder was handed.
# To be added before the page's own scripts, after READER.
TAP = """
(() => {
  window.given = [];
  window.recorders = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const readAll = async (track) => {
    // Room for twelve seconds: this reader waits its turn, and must not be the one who drops.
    const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 300 })
      .readable.getReader();
    for (;;) {
      const { done, value: frame } = await reader.read();
      if (done) return;
      given.push([numberOn(frame, frame.displayWidth, frame.displayHeight), frame.timestamp]);
      frame.close();
    }
  };
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    // Only a camera that is asked for by its size; the tablet also opens one to learn its names.
    if (wanted.video?.width) for (const track of stream.getVideoTracks()) readAll(track.clone());
    return stream;
  };
  const handed = (track) => track.stats.deliveredFrames;
  const { start, stop } = MediaRecorder.prototype;
  MediaRecorder.prototype.start = function (...slice) {
    const [track] = this.stream.getVideoTracks();
    this.handedOver = { track, from: handed(track), to: null, given: null };
    this.addEventListener("start", () => (this.handedOver.from = handed(track)));
    recorders.push(this.handedOver);
    return start.apply(this, slice);
  };
  MediaRecorder.prototype.stop = function () {
    this.handedOver.to ??= handed(this.handedOver.track);
    this.handedOver.given ??= given.length;
    return stop.apply(this);
  };
})();
void 0;
"""
# Of the first recorder until it was stopped: the numbers, and how many its own track delivered.
HANDED_OVER = """
() => {
  const [{ from, to, given: until }] = recorders;
  return [given.slice(0, until).map(([number]) => number), to - from];
}
"""
