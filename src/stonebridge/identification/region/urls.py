"""Addresses of questions to partners, below ``people/``."""

from django.urls import path

from stonebridge.identification.region import letter_views, views

app_name = "region"
urlpatterns = [
    path("<str:reference>/letters/", letter_views.write, name="letters"),
    path("<str:reference>/letters/entered/", letter_views.enter, name="enter_request"),
    path("<str:reference>/letters/<uuid:id>/", letter_views.one, name="letter"),
    path("<str:reference>/letters/<uuid:id>/out/", letter_views.out, name="letter_out"),
    path("<str:reference>/letters/<uuid:id>/evidence/", letter_views.evidence, name="letter_evidence"),
    path("<str:reference>/letters/<uuid:id>/<slug:step>/", letter_views.step, name="letter_step"),
    path("<str:reference>/partners/", views.ask, name="ask"),
    path("<str:reference>/partners/<str:question>/", views.conversation, name="conversation"),
    path("<str:reference>/partners/<str:question>/evidence/", views.evidence, name="evidence"),
    path("<str:reference>/partners/<str:question>/keep/", views.keep_given, name="keep"),
    path("<str:reference>/partners/<str:question>/again/", views.again, name="again"),
]
