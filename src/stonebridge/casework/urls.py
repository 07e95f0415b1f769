"""Addresses of cases, below ``cases/``."""

from django.urls import path

from stonebridge.casework import views

app_name = "cases"
urlpatterns = [
    path("", views.listed, name="listed"),
    path("open/<str:person>/", views.open_one, name="open"),
    path("<str:reference>/", views.one, name="one"),
    path("<str:reference>/task/<slug:task>/", views.task, name="task"),
    path("<str:reference>/second/<slug:task>/", views.second, name="second"),
    path("<str:reference>/find/<slug:guard>/", views.finding, name="finding"),
    path("<str:reference>/leave/<slug:outcome>/", views.leave, name="leave"),
]
