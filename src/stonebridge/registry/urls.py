"""Addresses of the register, below ``people/``."""

from django.urls import path

from stonebridge.registry.views import person, registration

app_name = "registry"
urlpatterns = [
    path("new/", registration.new, name="new"),
    path("new/<uuid:draft>/read-back/", registration.read_back, name="read_back"),
    path("new/<uuid:draft>/discard/", registration.throw_away, name="discard"),
    path("new/<uuid:draft>/<slug:name>/", registration.page, name="page"),
    path("new/<uuid:draft>/<slug:name>/keep/", registration.keep, name="keep"),
    path("<str:reference>/", person.person, name="person"),
]
