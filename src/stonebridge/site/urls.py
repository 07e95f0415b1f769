"""Every address of the node."""

from django.urls import include, path

urlpatterns = [
    path("", include("stonebridge.ui.urls")),
]
