"""Addresses of the exchange, below ``exchange/``."""

from django.urls import path

from stonebridge.exchange import revocation_views, views

app_name = "exchange"
PATH = "exchange/messages/"
"""Where a node takes messages, below its address."""
urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("revocations/", revocation_views.revoked, name="revocations"),
    path("revocations/<uuid:id>/", revocation_views.one, name="revocation"),
]
