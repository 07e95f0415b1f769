"""What nodes say to one another: partners, envelopes, what was asked and what was answered."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "stonebridge.exchange"
    label = "exchange"
