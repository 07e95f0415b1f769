"""The access log and the log of protection."""

from django.apps import AppConfig


class AccessLogConfig(AppConfig):
    name = "stonebridge.safeguards.log"
    label = "access_log"
