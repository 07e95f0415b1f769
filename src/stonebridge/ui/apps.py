"""The room as Django knows it."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags and static files; no tables."""

    name = "stonebridge.ui"
    label = "ui"
