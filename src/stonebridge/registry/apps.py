from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "stonebridge.registry"
    label = "registry"
