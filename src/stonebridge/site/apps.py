"""The node as a whole: settings, addresses, wiring, commands."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "stonebridge.site"
    label = "site"

    def ready(self) -> None:
        from stonebridge.site.wiring import wire

        wire()
