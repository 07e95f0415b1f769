"""Officers, organisations and their mandates, postings, sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "stonebridge.accounts"
    label = "accounts"
