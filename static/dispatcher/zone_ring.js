// A ring of corners round a point: a zone drawn without a pointer. Pure.

const METRES_A_DEGREE = 111_195;
const CORNERS = 24;

/** [[lon, lat], …], not closed; centre {lon, lat}, radius in metres. */
export function ringRound({ lon, lat }, radius_m) {
  const high = radius_m / METRES_A_DEGREE;
  const wide = high / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: CORNERS }, (_, at) => {
    const angle = (2 * Math.PI * at) / CORNERS;
    return [lon + wide * Math.cos(angle), lat + high * Math.sin(angle)];
  });
}
