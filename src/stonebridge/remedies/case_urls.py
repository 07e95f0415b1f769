"""Addresses of appeals and court orders, below ``cases/``."""

from django.urls import path

from stonebridge.remedies import case_views

app_name = "appeals"
urlpatterns = [
    path("<str:reference>/appeals/new/", case_views.lodge, name="lodge"),
    path("<str:reference>/appeals/<str:remedy>/end/", case_views.end, name="end"),
]
