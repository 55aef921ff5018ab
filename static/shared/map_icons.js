// Map symbols drawn on a canvas from the tokens, so that the map and the lists always agree.

import { LOOKS, OUTLINES } from "./status.js";

const SIZE = 48;
const SCALE = 2;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw(size, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.lineJoin = "round";
  paint(pen);
  return pen.getImageData(0, 0, size, size);
}

function outline(pen, shape, inset) {
  const span = SIZE - 2 * inset;
  pen.beginPath();
  if (shape === "disc") {
    pen.arc(SIZE / 2, SIZE / 2, span * 0.46, 0, 2 * Math.PI);
    return;
  }
  OUTLINES[shape].forEach(([x, y], index) => pen[index ? "lineTo" : "moveTo"](inset + x * span, inset + y * span));
  pen.closePath();
}

function unitIcon(shape, colour, stale) {
  return draw(SIZE, (pen) => {
    outline(pen, shape, 10);
    pen.strokeStyle = token("--status-halo");
    pen.lineWidth = 8;
    pen.stroke();
    pen.fillStyle = stale ? token("--surface") : colour;
    pen.fill();
    if (!stale) return;
    pen.strokeStyle = token("--status-off");
    pen.lineWidth = 4;
    pen.setLineDash([6, 4]);
    pen.stroke();
  });
}

function headingIcon(colour) {
  return draw(SIZE * 2, (pen) => {
    pen.beginPath();
    pen.moveTo(SIZE, 10);
    pen.lineTo(SIZE + 10, 26);
    pen.lineTo(SIZE, 21);
    pen.lineTo(SIZE - 10, 26);
    pen.closePath();
    pen.strokeStyle = token("--status-halo");
    pen.lineWidth = 5;
    pen.stroke();
    pen.fillStyle = colour;
    pen.fill();
  });
}

function letterBox({ text, fill, edge, ink, slash }) {
  return draw(SIZE, (pen) => {
    pen.beginPath();
    pen.roundRect(6, 6, SIZE - 12, SIZE - 12, 8);
    pen.strokeStyle = token("--status-halo");
    pen.lineWidth = 8;
    pen.stroke();
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = edge;
    pen.lineWidth = 4;
    pen.stroke();
    pen.fillStyle = ink;
    pen.font = `700 26px ${token("--font")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, SIZE / 2, SIZE / 2 + 1);
    if (!slash) return;
    pen.beginPath();
    pen.moveTo(8, SIZE - 8);
    pen.lineTo(SIZE - 8, 8);
    pen.strokeStyle = token("--bad");
    pen.lineWidth = 5;
    pen.stroke();
  });
}

/** Add every symbol that map_layers.js names. */
export function addIcons(map) {
  const add = (id, image) => !map.hasImage(id) && map.addImage(id, image, { pixelRatio: SCALE });
  for (const { stage, shape } of LOOKS) {
    const colour = token(`--status-${stage}`);
    add(`unit-${stage}-${shape}`, unitIcon(shape, colour, false));
    add(`unit-${stage}-${shape}-stale`, unitIcon(shape, colour, true));
    add(`heading-${stage}`, headingIcon(colour));
  }
  const surface = token("--surface");
  for (const priority of ["1", "2", "3", "4", "5"]) {
    const colour = token(`--priority-${priority}`);
    add(`incident-${priority}-waiting`, letterBox({ text: priority, fill: colour, edge: token("--ink"), ink: token("--on-priority") }));
    add(`incident-${priority}-assigned`, letterBox({ text: priority, fill: surface, edge: colour, ink: colour }));
  }
  const quiet = { fill: surface, edge: token("--ink-3"), ink: token("--ink") };
  add("hospital", letterBox({ text: "H", ...quiet }));
  add("hospital-divert", letterBox({ text: "H", ...quiet, slash: true }));
  add("station", letterBox({ text: "S", fill: surface, edge: token("--line-strong"), ink: token("--ink-3") }));
  add("closure", letterBox({ text: "✕", fill: token("--bad-fill"), edge: token("--bad"), ink: token("--bad") }));
  add("alarm", letterBox({ text: "!!", fill: token("--bad"), edge: token("--ink"), ink: token("--on-priority") }));
  add("pin", letterBox({ text: "+", fill: token("--accent"), edge: token("--ink"), ink: token("--on-accent") }));
}
