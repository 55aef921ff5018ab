// Where a place stands on a plain map: Web Mercator to pixels and back. Pure.

const TILE_PX = 512;
export const LEAST_ZOOM = 7;
export const MOST_ZOOM = 18;

const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
const scale = (zoom) => (TILE_PX * 2 ** zoom) / (2 * Math.PI);
const radians = (lon) => (lon * Math.PI) / 180;

/** view {lon, lat, zoom}, size {width, height} → [x, y] in pixels of the canvas. */
export function toPixels([lon, lat], view, { width, height }) {
  const k = scale(view.zoom);
  return [width / 2 + k * radians(lon - view.lon), height / 2 - k * (mercator(lat) - mercator(view.lat))];
}

/** The [lon, lat] under a pixel. */
export function toPlace([x, y], view, { width, height }) {
  const k = scale(view.zoom);
  const up = mercator(view.lat) + (height / 2 - y) / k;
  return [view.lon + ((x - width / 2) / k) * (180 / Math.PI), (2 * Math.atan(Math.exp(up)) - Math.PI / 2) * (180 / Math.PI)];
}

/** The view that shows the box [[w, s], [e, n]] inside the padding {left, right, top, bottom}. */
export function viewOf([[west, south], [east, north]], { width, height }, { left = 0, right = 0, top = 0, bottom = 0, maxZoom = MOST_ZOOM } = {}) {
  const [wide, high] = [Math.max(40, width - left - right), Math.max(40, height - top - bottom)];
  const span = Math.max(1e-9, radians(east - west));
  const tall = Math.max(1e-9, mercator(north) - mercator(south));
  const fit = Math.log2(Math.min(wide / span, high / tall) / scale(0));
  const zoom = Math.max(LEAST_ZOOM, Math.min(maxZoom, fit));
  const view = { lon: (west + east) / 2, lat: toPlace([0, 0], { lon: 0, lat: 0, zoom: 0 }, { width: 0, height: 2 * ((mercator(north) + mercator(south)) / 2) * scale(0) })[1], zoom };
  // What the panel hides does not count: the middle of the rest is the middle.
  const [lon, lat] = toPlace([width / 2 - (left - right) / 2, height / 2 - (top - bottom) / 2], view, { width, height });
  return { lon, lat, zoom };
}
