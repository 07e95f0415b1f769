"""The nodes of the region with their state on the start page: as a drawing and as a list."""

from dataclasses import replace
from datetime import timedelta

import psycopg
from django.test import Client

from people import NOW, actor
from region_bench import SERBIA, joined
from stonebridge.domain.actor import Role
from stonebridge.exchange.contacts import note_answer, note_silence
from stonebridge.exchange.transports.signatures import public_key
from stonebridge.site.region_map import region_map

ALBANIA = replace(SERBIA, code="al", state="ALB", names={"en": "Albania"}, key=public_key(b"a" * 32).hex())
FRANCE = replace(SERBIA, code="eu-ms", state="FRA", names={"en": "France"}, key=public_key(b"f" * 32).hex())


def region() -> str:
    """Three partners: one answers, one is silent, one was never tried."""
    stefan, lira = actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER)
    [joined(each, stefan, lira) for each in (SERBIA, ALBANIA, FRANCE)]
    note_answer("rs", NOW)
    note_silence("al", NOW)
    note_silence("al", NOW + timedelta(hours=1))
    return Client().get("/").text


def test_the_start_page_shows_each_partner_with_its_state_in_words():
    page = region()
    assert "<strong>Serbia</strong>: answers" in page
    assert "<strong>Albania</strong>: does not answer since 23 November 2026, 11:00" in page
    assert "<strong>France</strong>: not tried yet" in page


def test_states_differ_in_the_drawing_by_more_than_colour():
    drawing = region().split('<div class="sb-region">', 1)[1].split("</svg>")[0]
    assert (drawing.count('stroke-dasharray="10 7"'), drawing.count('stroke-dasharray="2 6"')) == (1, 1)
    assert (drawing.count("<polyline"), drawing.count("<path"), drawing.count("<line")) == (1, 1, 3)
    assert "style=" not in drawing


def test_without_partners_there_is_no_map():
    assert "The region" not in Client().get("/").text


def test_a_list_of_partners_that_was_forged_shows_no_map_and_breaks_no_page(node_database):
    region()
    with psycopg.connect(node_database.urls["owner"]) as connection:
        connection.execute("UPDATE exchange_partnerlist SET signature = 'x'")
    page = Client().get("/")
    assert (page.status_code, "The region" in page.text) == (200, False)


def test_a_state_with_a_footnote_keeps_it():
    joined(replace(SERBIA, code="xk", state="RKS", names={"en": "Kosovo*"}, key=public_key(b"k" * 32).hex()),
           actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))  # fmt: skip
    assert "UNSCR 1244/1999" in Client().get("/").text


def test_two_partners_and_this_node_do_not_stand_on_one_line():
    stefan, lira = actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER)
    [joined(each, stefan, lira) for each in (SERBIA, ALBANIA)]
    drawn = region_map()
    assert drawn is not None
    assert {each.y for each in drawn.places}.isdisjoint({drawn.y})
    assert all(0 < each.label_y < drawn.height for each in drawn.places)
