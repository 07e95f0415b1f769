"""Screening and referral, in a schema, a role and a log of their own."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "stonebridge.protection"
    label = "protection"
