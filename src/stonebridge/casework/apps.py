"""Cases: how a declared process runs for one person."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "stonebridge.casework"
    label = "casework"
