"""Addresses of looking for somebody, below ``people/find/``."""

from django.urls import path

from stonebridge.identification.finding.views import find_person, typed

app_name = "finding"
urlpatterns = [path("", find_person, name="person"), path("typed/", typed, name="typed")]
