"""Every process that listens: web (pages, API, boards, vitals), uplink, media."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

_http = get_asgi_application()

# Only now are the apps loaded and their models importable.
from config.boards import BOARDS  # noqa: E402
from config.frames import TAKERS  # noqa: E402
from dispatch.live.consumers import BoardConsumer  # noqa: E402
from dispatch.uplink.consumers import UplinkConsumer  # noqa: E402
from ehr_prehospital.consult.consumers import DrawingConsumer, SignallingConsumer  # noqa: E402
from ehr_prehospital.consult.hub import VoiceConsumer  # noqa: E402
from ehr_prehospital.recording.consumers import RecordConsumer  # noqa: E402
from ehr_prehospital.video.consumers import PublishConsumer, WatchConsumer  # noqa: E402
from ehr_prehospital.vitals.consumers import VitalsConsumer  # noqa: E402


def socket(route: str, application: Any) -> Any:
    """A route to a consumer; Django's types know only views."""
    return path(route, application)


# Any: the three arguments of an ASGI application.
async def nothing(_scope: Any, _receive: Any, send: Any) -> None:
    """The answer of a process that has no pages."""
    kind = (b"content-type", b"text/plain")
    await send({"type": "http.response.start", "status": 404, "headers": [kind]})
    await send({"type": "http.response.body", "body": b"not here\n"})


# No page, no sign-in, no admin, no API: what is not served needs no guard at this door.
health_only = URLRouter([socket("health/", _http), re_path("", nothing)])  # type: ignore[list-item, arg-type]

web = ProtocolTypeRouter(
    {
        "http": _http,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(
                URLRouter(
                    [
                        socket("live/missions/<uuid:mission_id>/vitals/", VitalsConsumer.as_asgi()),
                        socket(
                            "live/missions/<uuid:mission_id>/drawing/", DrawingConsumer.as_asgi()
                        ),
                        socket("live/consults/<uuid:consult_id>/", SignallingConsumer.as_asgi()),
                        socket("live/<str:board>/", BoardConsumer.as_asgi(boards=BOARDS)),
                    ]
                )
            )
        ),
    }
)

# Vehicles are no browsers: they bring a credential, not a cookie or an origin.
uplink = ProtocolTypeRouter(
    {
        "http": health_only,
        "websocket": URLRouter([socket("uplink/", UplinkConsumer.as_asgi(takers=TAKERS))]),
    }
)

MEDIA = [
    socket("media/<uuid:incident_id>/publish/<uuid:stream_id>/", PublishConsumer.as_asgi()),
    socket("media/<uuid:incident_id>/record/<uuid:stream_id>/", RecordConsumer.as_asgi()),
    socket("media/<uuid:incident_id>/watch/<uuid:stream_id>/", WatchConsumer.as_asgi()),
    socket("media/<uuid:incident_id>/consults/<uuid:consult_id>/voice/", VoiceConsumer.as_asgi()),
]


# Any: the three arguments of an ASGI application.
async def vehicles_and_people(scope: Any, receive: Any, send: Any) -> None:
    """A vehicle brings its credential; no page can, so whoever does needs no origin."""
    bare = any(name == b"authorization" for name, _value in scope["headers"])
    await (_media_of_vehicles if bare else _media_of_people)(scope, receive, send)


_media_of_vehicles = URLRouter(MEDIA)
_media_of_people = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(MEDIA)))

# Processes of their own, so that pictures can never delay the rest.
media = ProtocolTypeRouter({"http": health_only, "websocket": vehicles_and_people})
