"""Addresses of claims and origins, below ``people/``."""

from django.urls import path

from stonebridge.remedies import views

app_name = "remedies"
urlpatterns = [
    path("<str:reference>/claim/", views.claim, name="claim"),
    path("<str:reference>/origin/", views.origin, name="origin"),
]
