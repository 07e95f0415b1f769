"""Addresses of what partners correct and of what is kept back from them, below ``told/``."""

from django.urls import path

from stonebridge.identification.region import told_views

app_name = "told"
urlpatterns = [
    path("", told_views.corrections, name="corrections"),
    path("kept-back/", told_views.kept_back_list, name="kept_back"),
    path("kept-back/<uuid:id>/", told_views.kept_back_one, name="kept_back_one"),
    path("<uuid:id>/", told_views.correction, name="correction"),
]
