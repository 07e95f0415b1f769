"""The gate and its facts, history, restrictions, holds, emergencies."""

from django.apps import AppConfig


class SafeguardsConfig(AppConfig):
    name = "stonebridge.safeguards"
    label = "safeguards"
