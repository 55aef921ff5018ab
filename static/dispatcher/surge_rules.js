// Who comes to a hospital against what it declared for a major incident, by colour. Pure.

import { list } from "../shared/reduce.js";

const OVER = ["handed_over", "redirected", "cancelled"];
const COLOURS = ["red", "yellow", "green"];

/** [{colour, capacity, coming, left}]; without a declaration every capacity is 0. */
export function surgeOf(board, hospital) {
  const doors = board.collections.doors ?? {};
  const open = list(board, "handovers").filter((one) => one.hospital_id === hospital.id && !OVER.includes(one.state));
  return COLOURS.map((colour) => {
    const coming = open.filter((one) => (doors[one.id]?.colour ?? "green") === colour).length;
    const capacity = hospital.surge?.capacity[colour] ?? 0;
    return { colour, capacity, coming, left: capacity - coming };
  });
}
