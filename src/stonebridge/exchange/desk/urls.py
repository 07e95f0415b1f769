"""Addresses of the pages of partners, below ``partners/``."""

from django.urls import path

from stonebridge.exchange.desk import views

app_name = "partners"
urlpatterns = [
    path("", views.listed, name="listed"),
    path("new/", views.propose, name="propose"),
    path("own.json", views.own, name="own"),
    path("proposals/<uuid:proposal>/", views.join, name="join"),
    path("alarms/<uuid:alarm>/", views.settle, name="settle"),
    path("<str:code>/", views.one, name="one"),
    path("<str:code>/test/", views.check, name="check"),
    path("<str:code>/revoke/", views.revoke, name="revoke"),
]
