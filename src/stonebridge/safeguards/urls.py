"""Addresses of oversight, below ``oversight/``."""

from django.urls import path

from stonebridge.safeguards.views import emergency, holds, log, restrictions

app_name = "safeguards"
urlpatterns = [
    path("log/", log.log, name="log"),
    path("log/check/", log.check, name="log_check"),
    path("log/export/", log.export, name="log_export"),
    path("restrictions/", restrictions.restrictions, name="restrictions"),
    path("restrictions/<str:reference>/lift/", restrictions.lift, name="lift_restriction"),
    path("holds/", holds.holds, name="holds"),
    path("holds/<uuid:hold_id>/", holds.hold, name="hold"),
    path("emergency/", emergency.declare, name="emergency"),
    path("emergencies/", emergency.emergencies, name="emergencies"),
    path("emergencies/<uuid:emergency_id>/", emergency.review, name="review_emergency"),
]
