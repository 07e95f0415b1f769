"""Addresses of the register, below ``people/``."""

from django.urls import path

from stonebridge.registry.views import adding, captures, file, person, registration, search

app_name = "registry"
urlpatterns = [
    path("new/", registration.new, name="new"),
    path("new/<uuid:draft>/read-back/", registration.read_back, name="read_back"),
    path("new/<uuid:draft>/discard/", registration.throw_away, name="discard"),
    path("new/<uuid:draft>/no-captures/", registration.throw_captures_away, name="no_captures"),
    path("new/<uuid:draft>/<slug:name>/", registration.page, name="page"),
    path("new/<uuid:draft>/<slug:name>/keep/", registration.keep, name="keep"),
    path("search/", search.results, name="search"),
    path("<str:reference>/", person.person, name="person"),
    path("<str:reference>/statement/", adding.statement, name="amend"),
    path("<str:reference>/document/", adding.document, name="document"),
    path("<str:reference>/captures/", captures.add, name="captures"),
    path("<str:reference>/portrait/", captures.portrait, name="portrait"),
    path("<str:reference>/file/", file.hand_out_file, name="file"),
    path("<str:reference>/receipt/", file.print_receipt, name="receipt"),
]
