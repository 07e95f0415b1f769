from django.apps import AppConfig


class SafeguardsConfig(AppConfig):
    name = "stonebridge.safeguards"
    label = "safeguards"
