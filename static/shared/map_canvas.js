// The bare map: MapLibre with this server's style. Throws where the desk has no WebGL.

import { Map as GlMap, NavigationControl, ScaleControl } from "/static/vendor/maplibre-gl/maplibre-gl.mjs";

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
