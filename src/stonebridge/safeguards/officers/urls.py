"""Addresses of officers and organisations, below ``officers/``."""

from django.urls import path

from stonebridge.safeguards.officers import views

app_name = "accounts"
urlpatterns = [
    path("", views.officers, name="officers"),
    path("new/", views.new_officer, name="new_officer"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<uuid:organisation_id>/mandates/", views.new_mandate, name="new_mandate"),
    path("mandates/<uuid:mandate_id>/end/", views.end_mandate, name="end_mandate"),
    path("postings/<uuid:posting_id>/end/", views.end_posting, name="end_posting"),
    path("resets/<uuid:reset_id>/", views.settle_reset, name="settle_reset"),
    path("<uuid:officer_id>/", views.officer, name="officer"),
    path("<uuid:officer_id>/postings/", views.new_posting, name="new_posting"),
    path("<uuid:officer_id>/password/", views.password_link, name="password_link"),
    path("<uuid:officer_id>/second-factor/", views.ask_reset, name="ask_reset"),
    path("<uuid:officer_id>/close/", views.close_account, name="close_account"),
]
