"""Makes the platform an app of its own: it brings the `up` command and the system checks."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "config"
    label = "platform"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 - importing registers them
