// A growing MP4 cut where it may be cut: the opening (ftyp, moov), then one part for each fragment (moof, mdat). Pure.

/** Give it bytes as they come; it returns the parts that are whole: {opening: boolean, bytes}. */
export function mp4Parts() {
  let rest = new Uint8Array(0);
  let part = [];
  return (bytes) => {
    rest = joined([rest, bytes]);
    const found = [];
    for (;;) {
      if (rest.byteLength < 8) return found;
      const size = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
      if (size < 8 || rest.byteLength < size) return found;
      const type = String.fromCharCode(...rest.subarray(4, 8));
      part.push(rest.subarray(0, size));
      rest = rest.subarray(size);
      if (type !== "moov" && type !== "mdat") continue;
      found.push({ opening: type === "moov", bytes: joined(part) });
      part = [];
    }
  };
}

export function joined(arrays) {
  const all = new Uint8Array(arrays.reduce((size, array) => size + array.byteLength, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.byteLength;
  }
  return all;
}
