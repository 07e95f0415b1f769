from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "stonebridge.protection"
    label = "protection"
