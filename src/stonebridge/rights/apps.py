"""What the person concerned may demand of the node: here, that their data go."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "stonebridge.rights"
    label = "rights"
