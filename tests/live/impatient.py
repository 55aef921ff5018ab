"""The uplink process, which writes down more often how the links are."""

from config.asgi import uplink
from dispatch.uplink import links

__all__ = ["uplink"]

links.WRITE_EVERY_S = 0.25
