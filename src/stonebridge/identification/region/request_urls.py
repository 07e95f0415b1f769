"""Addresses of what partners ask for, below ``requests/``."""

from django.urls import path

from stonebridge.identification.region import requests

app_name = "requests"
urlpatterns = [
    path("", requests.waiting, name="waiting"),
    path("<uuid:id>/", requests.one, name="one"),
    path("<uuid:id>/said/", requests.said, name="said"),
    path("<uuid:id>/evidence/", requests.evidence, name="evidence"),
]
