// The bare map: MapLibre with this server's style. Throws where the desk has no WebGL.

import { Map as GlMap, NavigationControl, ScaleControl } from "/static/vendor/maplibre-gl/maplibre-gl.mjs";

const LOOK_MS = 8;

export function createGl(element, { theme, bounds, centre, zoom }) {
  return new GlMap({
    container: element,
    style: `/map/style.json?theme=${theme}`,
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 30 } } : {}),
    ...(centre ? { center: centre, zoom: zoom ?? 12 } : {}),
    attributionControl: { compact: true },
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    keyboard: false,
    locale: { "Map.Title": gettext("Map"), "NavigationControl.ZoomIn": gettext("Zoom in"), "NavigationControl.ZoomOut": gettext("Zoom out"), "AttributionControl.ToggleAttribution": gettext("Map source") },
  });
}

export function addControls(map) {
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
}

/**
 * onTook(ms): how long the graphics card, or the processor that plays one, worked on each picture. The page's own
 * frames do not tell: they go on while pictures queue up behind them.
 */
export function timePictures(map, onTook) {
  const gl = map.getCanvas().getContext("webgl2");
  if (!gl?.fenceSync) return;
  let waiting = false;
  map.on("render", () => {
    if (waiting) return;
    waiting = true;
    const begun_ms = performance.now();
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    const look = () => {
      if (!gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) return setTimeout(look, LOOK_MS);
      gl.deleteSync(fence);
      waiting = false;
      return onTook(performance.now() - begun_ms);
    };
    setTimeout(look, LOOK_MS);
  });
}
