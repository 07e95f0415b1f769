"""Every address of the node."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from stonebridge.site import views
from stonebridge.ui.posted import takes

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("today/", views.dashboard, name="dashboard"),
    path("today/notices/<uuid:notice>/seen/", views.notice_seen, name="notice_seen"),
    path("healthz", views.health, name="health"),
    path("language/", takes("language", "next")(set_language), name="set_language"),
    path("account/", include("stonebridge.accounts.urls")),
    path("partners/", include("stonebridge.exchange.desk.urls")),
    path("exchange/", include("stonebridge.exchange.urls")),
    path("people/find/", include("stonebridge.identification.finding.urls")),
    path("people/", include("stonebridge.identification.region.urls")),
    path("people/", include("stonebridge.registry.urls")),
    path("people/", include("stonebridge.remedies.urls")),
    path("pairs/", include("stonebridge.identification.urls")),
    path("requests/", include("stonebridge.identification.region.request_urls")),
    path("told/", include("stonebridge.identification.region.told_urls")),
    path("cases/", include("stonebridge.casework.urls")),
    path("cases/", include("stonebridge.remedies.case_urls")),
    path("referrals/", include("stonebridge.protection.urls")),
    path("oversight/", include("stonebridge.safeguards.urls")),
    path("officers/", include("stonebridge.safeguards.officers.urls")),
    path("", include("stonebridge.ui.urls")),
]
