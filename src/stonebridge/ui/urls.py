"""Pages of the interface itself."""

from django.urls import path

from stonebridge.ui import views

app_name = "ui"
urlpatterns = [
    path("help/keyboard", views.keyboard, name="keyboard"),
    path("style-guide", views.style_guide, name="style_guide"),
    path("style-guide/refusal", views.refusal, name="style_guide_refusal"),
]
