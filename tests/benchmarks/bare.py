"""The least that a server can do with a vehicle's frame: decode it and send it back."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

from ambulance_agent.protocol import decode_from_vehicle

_http = get_asgi_application()


class Echo(AsyncWebsocketConsumer):
    """No credential, no store, no order."""

    async def connect(self) -> None:
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        decode_from_vehicle(bytes_data or b"")
        await self.send(bytes_data=bytes_data)


bare = ProtocolTypeRouter(
    {"http": _http, "websocket": URLRouter([path("uplink/", Echo.as_asgi())])}  # type: ignore[arg-type, list-item]
)
