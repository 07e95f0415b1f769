"""Addresses of questions to partners, below ``people/``."""

from django.urls import path

from stonebridge.identification.region import views

app_name = "region"
urlpatterns = [
    path("<str:reference>/partners/", views.ask, name="ask"),
    path("<str:reference>/partners/<str:question>/", views.conversation, name="conversation"),
    path("<str:reference>/partners/<str:question>/evidence/", views.evidence, name="evidence"),
    path("<str:reference>/partners/<str:question>/keep/", views.keep_given, name="keep"),
    path("<str:reference>/partners/<str:question>/again/", views.again, name="again"),
]
