"""Claims for protection, states of origin, disclosures: the facts that stand in the way."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    name = "stonebridge.remedies"
    label = "remedies"
