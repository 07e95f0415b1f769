"""Persons, their statements of identity, documents, biometrics and families."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "stonebridge.registry"
    label = "registry"
