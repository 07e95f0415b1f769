from django.apps import AppConfig


class AccessLogConfig(AppConfig):
    name = "stonebridge.safeguards.log"
    label = "access_log"
