from django.apps import AppConfig


class IdentificationConfig(AppConfig):
    name = "stonebridge.identification"
    label = "identification"
