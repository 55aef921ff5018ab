// Single H.264 pictures (Annex B) as a fragmented MP4, one fragment a picture: for browsers that have a media element
// and no VideoDecoder. Baseline only: no picture refers to a later one. Pure. Boxes by ISO/IEC 14496-12 and -15.

import { joined } from "./boxes.js";

const SCALE = 1000; // ticks a second: milliseconds
const [SPS, PPS, DELIMITER] = [7, 8, 9];

/** The units between the start codes, without them. */
export function units(annexB) {
  const starts = [];
  for (let at = 0; at + 2 < annexB.length; at++)
    if (annexB[at] === 0 && annexB[at + 1] === 0 && annexB[at + 2] === 1) starts.push([at, (at += 2) + 1]);
  return starts.map(([, from], index) => {
    let to = starts[index + 1]?.[0] ?? annexB.length;
    while (to > from && annexB[to - 1] === 0) to -= 1;
    return annexB.subarray(from, to);
  });
}

const kind = (unit) => unit[0] & 31;

/** {codec, width, height, bytes}: ftyp and moov for this key picture; null where it brings no parameters. */
export function openingOf(annexB) {
  const all = units(annexB);
  const sps = all.find((unit) => kind(unit) === SPS);
  const pps = all.find((unit) => kind(unit) === PPS);
  if (!sps || !pps) return null;
  const { width, height } = sizeOf(sps);
  const codec = `avc1.${[...sps.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  return { codec, width, height, bytes: joined([ftyp(), moov(sps, pps, width, height)]) };
}

/** One picture as moof and mdat. */
export function fragmentOf(annexB, { seq, at_ms, took_ms, key }) {
  const data = joined(units(annexB).filter((unit) => kind(unit) !== DELIMITER).flatMap((unit) => [u32(unit.length), unit]));
  const flags = key ? 0x02000000 : 0x01010000;
  const make = (offset) =>
    box("moof",
      full("mfhd", 0, 0, u32(seq)),
      box("traf",
        full("tfhd", 0, 0x020000, u32(1)),
        full("tfdt", 0, 0, u32(Math.round(at_ms))),
        full("trun", 0, 0x000701, u32(1), u32(offset), u32(Math.round(took_ms)), u32(data.length), u32(flags))));
  return joined([make(make(0).length + 8), box("mdat", data)]);
}

const u16 = (value) => Uint8Array.of(value >> 8, value & 255);
const u32 = (value) => Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const text = (letters) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
const zeros = (count) => new Uint8Array(count);
const box = (type, ...parts) => joined([u32(8 + parts.reduce((size, part) => size + part.length, 0)), text(type), ...parts]);
const full = (type, version, flags, ...parts) => box(type, u32((version << 24) | flags), ...parts);
const MATRIX = joined([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));

const ftyp = () => box("ftyp", text("isom"), u32(1), text("isom"), text("avc1"), text("iso5"));

function moov(sps, pps, width, height) {
  const avcC = box("avcC", Uint8Array.of(1, sps[1], sps[2], sps[3], 0xff, 0xe1), u16(sps.length), sps, Uint8Array.of(1), u16(pps.length), pps);
  const avc1 = box("avc1", zeros(6), u16(1), zeros(16), u16(width), u16(height), u32(0x480000), u32(0x480000), u32(0), u16(1), zeros(32), u16(24), u16(0xffff), avcC);
  const stbl = box("stbl",
    full("stsd", 0, 0, u32(1), avc1), full("stts", 0, 0, u32(0)), full("stsc", 0, 0, u32(0)),
    full("stsz", 0, 0, u32(0), u32(0)), full("stco", 0, 0, u32(0)));
  const minf = box("minf", full("vmhd", 0, 1, zeros(8)), box("dinf", full("dref", 0, 0, u32(1), full("url ", 0, 1))), stbl);
  const mdia = box("mdia",
    full("mdhd", 0, 0, u32(0), u32(0), u32(SCALE), u32(0), u16(0x55c4), u16(0)),
    full("hdlr", 0, 0, u32(0), text("vide"), zeros(12), text("v\0")), minf);
  const tkhd = full("tkhd", 0, 3, u32(0), u32(0), u32(1), u32(0), u32(0), zeros(8), u16(0), u16(0), u16(0), u16(0), MATRIX, u32(width << 16), u32(height << 16));
  const mvhd = full("mvhd", 0, 0, u32(0), u32(0), u32(SCALE), u32(0), u32(0x10000), u16(0x100), zeros(10), MATRIX, zeros(24), u32(2));
  return box("moov", mvhd, box("trak", tkhd, mdia), box("mvex", full("trex", 0, 0, u32(1), u32(1), u32(0), u32(0), u32(0))));
}

/** Width and height in a sequence parameter set; of the baseline and main profiles, and of high ones in 4:2:0. */
export function sizeOf(sps) {
  const bits = reader(sps.subarray(1));
  const profile = bits.read(8);
  bits.read(16);
  bits.ue();
  if ([100, 110, 122, 244].includes(profile)) {
    bits.ue();
    bits.ue();
    bits.ue();
    bits.read(1);
    if (bits.read(1)) return { width: 0, height: 0 }; // scaling lists: not written by our cameras
  }
  bits.ue();
  const order = bits.ue();
  if (order === 0) bits.ue();
  else if (order === 1) {
    bits.read(1);
    bits.ue();
    bits.ue();
    for (let count = bits.ue(); count > 0; count--) bits.ue();
  }
  bits.ue();
  bits.read(1);
  const across = bits.ue() + 1;
  const down = bits.ue() + 1;
  const frames = bits.read(1);
  if (!frames) bits.read(1);
  bits.read(1);
  const [left, right, top, bottom] = bits.read(1) ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  return { width: across * 16 - 2 * (left + right), height: (2 - frames) * down * 16 - 2 * (2 - frames) * (top + bottom) };
}

/** Bits of a unit, emulation prevention taken out. */
function reader(unit) {
  const plain = [];
  unit.forEach((byte, index) => {
    if (!(byte === 3 && unit[index - 1] === 0 && unit[index - 2] === 0)) plain.push(byte);
  });
  let at = 0;
  const read = (count) => {
    let value = 0;
    for (; count > 0; count--, at++) value = value * 2 + ((plain[at >> 3] >> (7 - (at & 7))) & 1);
    return value;
  };
  const ue = () => {
    let zerosSeen = 0;
    while (zerosSeen < 31 && read(1) === 0) zerosSeen += 1;
    return 2 ** zerosSeen - 1 + read(zerosSeen);
  };
  return { read, ue };
}
