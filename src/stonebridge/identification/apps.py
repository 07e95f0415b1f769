"""Finding out who somebody is: searches, judgements, links."""

from django.apps import AppConfig


class IdentificationConfig(AppConfig):
    name = "stonebridge.identification"
    label = "identification"
