// The coded pictures of the last seconds: what is needed to see any one of them again. Pure.
// Coded and not decoded: 125 decoded pictures of a whole camera are hundreds of megabytes.

export const KEPT = 125;

export function pictureRing(kept = KEPT) {
  let frames = []; // from a key picture on, in order
  return {
    /** {seq, key, payload, …} in order; what follows nothing is not kept. */
    put(frame) {
      if (!frames.length && !frame.key) return;
      frames.push(frame);
      while (frames.length > kept) {
        const next = frames.findIndex((one, index) => index > 0 && one.key);
        if (next < 0 || frames.length - next < kept / 2) break; // never less than half of it
        frames = frames.slice(next);
      }
      if (frames.length > 4 * kept) frames = [];
    },
    /** All from the key picture before `seq` up to it; the nearest older one where it is not there; empty when too old. */
    upTo(seq) {
      const last = frames.findLastIndex((one) => one.seq <= seq);
      if (last < 0) return [];
      const first = frames.slice(0, last + 1).findLastIndex((one) => one.key);
      return frames.slice(first, last + 1);
    },
    clear: () => (frames = []),
  };
}

/** The newest of these coded pictures as a VideoFrame (to be closed), decoded anew. */
export async function decoded(frames, codec) {
  if (!frames.length) return null;
  const wanted = frames.at(-1).seq;
  let found = null;
  const decoder = new VideoDecoder({
    output: (picture) => {
      if (picture.timestamp === wanted) found = picture;
      else picture.close();
    },
    error: () => {},
  });
  decoder.configure({ codec, optimizeForLatency: true });
  for (const { seq, key, payload } of frames)
    decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: seq, data: payload }));
  await decoder.flush().catch(() => {});
  if (decoder.state !== "closed") decoder.close();
  return found;
}
