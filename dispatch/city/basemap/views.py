"""Tiles and style over HTTP. Both are public map data, so no login is asked for."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dispatch.city.basemap.layers import MAX_ZOOM
from dispatch.city.basemap.palette import Theme
from dispatch.city.basemap.style import empty_style
from dispatch.city.basemap.style import style as style_of
from dispatch.city.basemap.tiles import tile_at
from dispatch.city.queries import current_city, main_roads
from dispatch.city.store import folder_of

# Never a dot first: a version names a folder and must not lead out of it.
_VERSION = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,39}")
_YEAR_S = 365 * 24 * 3600
_TILE = "application/vnd.mapbox-vector-tile"


@require_safe
def tile(request: HttpRequest, version: str, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile; 204 where there is nothing, 404 for a version that is not here."""
    if not _VERSION.fullmatch(version) or z > MAX_ZOOM or max(x, y) >= 2**z:
        raise Http404
    try:
        found = tile_at(folder_of(settings.STATE_DIR, version).basemap, z, x, y)
    except FileNotFoundError as reason:
        raise Http404 from reason
    response = HttpResponse(status=204) if found is None else HttpResponse(found.content)
    if found is not None:
        response["Content-Type"] = _TILE
        if found.gzipped:
            response["Content-Encoding"] = "gzip"
    # Tiles never change within a version.
    response["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return response


@require_safe
def style(request: HttpRequest) -> JsonResponse:
    """The style of the current city. `theme` is dark or light; `lang` overrides the user's."""
    theme = Theme.LIGHT if request.GET.get("theme") == Theme.LIGHT else Theme.DARK
    city = current_city()
    if city is None:
        document = empty_style(theme)
    else:
        # MapLibre's worker cannot resolve an address without a host.
        root = request.build_absolute_uri("/tiles/")
        document = style_of(
            theme=theme,
            language=request.GET.get("lang") or get_language() or "en",
            tiles_url=f"{root}{city.version}/{{z}}/{{x}}/{{y}}.mvt",
            bounds=(city.west, city.south, city.east, city.north),
            attribution=city.attribution,
        )
    response = JsonResponse(document)
    # The next import must show at once, in the language of whoever asks.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def roads(request: HttpRequest) -> JsonResponse:
    """The main roads as lines, for screens that cannot draw the base map's tiles."""
    city = current_city()
    if city is None:
        return JsonResponse({"bounds": None, "roads": []})
    bounds = [city.west, city.south, city.east, city.north]
    response = JsonResponse({"bounds": bounds, "roads": main_roads()})
    response["Cache-Control"] = "private, no-cache"
    return response
