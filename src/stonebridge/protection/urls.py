"""Addresses of protection, below ``referrals/``."""

from django.urls import path

from stonebridge.protection import views

app_name = "protection"
urlpatterns = [
    path("", views.referrals, name="referrals"),
    path("new/", views.refer, name="refer"),
    path("<str:reference>/", views.referral, name="referral"),
]
