// What a mission or unit status looks like: stage (its colour token) and shape. Same table as status.css.

const STAGES = {
  available: ["available", "disc"],
  assigned: ["assigned", "diamond"],
  acknowledged: ["assigned", "diamond"],
  en_route: ["moving", "triangle"],
  on_scene: ["scene", "square"],
  at_patient: ["scene", "square"],
  on_board: ["aboard", "cross"],
  left_scene: ["aboard", "cross"],
  at_destination: ["destination", "hexagon"],
  handed_over: ["destination", "hexagon"],
};

const OFF = ["off", "bar"];

// Corner points in a unit square; a disc has none. Kept equal to the --shape-* tokens.
export const OUTLINES = {
  diamond: [[0.5, 0], [1, 0.5], [0.5, 1], [0, 0.5]],
  triangle: [[0.5, 0.04], [1, 0.94], [0, 0.94]],
  square: [[0.08, 0.08], [0.92, 0.08], [0.92, 0.92], [0.08, 0.92]],
  cross: [[0.33, 0], [0.67, 0], [0.67, 0.33], [1, 0.33], [1, 0.67], [0.67, 0.67], [0.67, 1], [0.33, 1], [0.33, 0.67], [0, 0.67], [0, 0.33], [0.33, 0.33]],
  hexagon: [[0.25, 0.06], [0.75, 0.06], [1, 0.5], [0.75, 0.94], [0.25, 0.94], [0, 0.5]],
  bar: [[0, 0.36], [1, 0.36], [1, 0.64], [0, 0.64]],
};

export const stageOf = (status) => (STAGES[status] ?? OFF)[0];
export const shapeOf = (status) => (STAGES[status] ?? OFF)[1];
export const LOOKS = [...new Map(Object.values(STAGES).concat([OFF]))].map(([stage, shape]) => ({ stage, shape }));

// The working order of a mission, used for sorting and for drawing its time line.
export const MISSION_PATH = [
  "assigned", "acknowledged", "en_route", "on_scene", "at_patient", "on_board",
  "left_scene", "at_destination", "handed_over", "available",
];
