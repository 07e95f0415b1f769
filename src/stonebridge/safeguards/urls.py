"""Addresses of oversight, below ``oversight/``."""

from django.urls import path

from stonebridge.safeguards.views import log

app_name = "safeguards"
urlpatterns = [
    path("log/", log.log, name="log"),
    path("log/check/", log.check, name="log_check"),
    path("log/export/", log.export, name="log_export"),
]
