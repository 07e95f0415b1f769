"""Addresses of identification, below ``pairs/``."""

from django.urls import path

from stonebridge.identification import views
from stonebridge.identification.finger_views import drawing, finger_paper, fingers, side_picture
from stonebridge.identification.link_views import assess, link, sheet, withdraw
from stonebridge.identification.prints.comparing import SIDES

app_name = "identification"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("next/", views.next_one, name="next"),
    path("quality/", views.quality, name="quality"),
    path("searches/<str:reference>/", views.search, name="search"),
    path("searches/<str:reference>/state/", views.search_fragment, name="search_state"),
    path("searches/<str:reference>/again/", views.again, name="again"),
    path("searches/<str:reference>/ask/", views.ask, name="ask"),
    path("links/<str:reference>/", link, name="link"),
    path("links/<str:reference>/sheet/", sheet, name="sheet"),
    path("links/<str:reference>/withdraw/", withdraw, name="withdraw"),
    path("links/<str:reference>/assess/", assess, name="assess"),
    path("<str:reference>/", views.pair, name="pair"),
    path("<str:reference>/fingers/", fingers, name="fingers"),
    path("<str:reference>/fingers/sheet/", finger_paper, name="finger_sheet"),
    path("<str:reference>/fingers/<int:position>/", fingers, name="finger"),
    path("<str:reference>/fingers/<int:position>/drawing/", drawing, name="finger_drawing"),
    *(
        path(f"<str:reference>/fingers/<int:position>/{side}/", side_picture, {"side": side}, name=f"finger_{side}")
        for side in SIDES
    ),
]
