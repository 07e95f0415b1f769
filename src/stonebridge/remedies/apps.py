from django.apps import AppConfig


class RemediesConfig(AppConfig):
    name = "stonebridge.remedies"
    label = "remedies"
