"""Fingers beside each other: drawn as the kernel pairs them, without score or opinion, for those who judge alone."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest

from identification_bench import MatcherHere, answered, judge
from identification_fingers import pictures, prints, ready
from people import NOW, TODAY, amira, officer, on_record
from sign_ins import signed_in
from stonebridge.accounts.actors import actor_for
from stonebridge.domain.actor import Actor, Role
from stonebridge.formats import iso19794
from stonebridge.identification import sampling
from stonebridge.identification.matcher import node
from stonebridge.identification.models import Task
from stonebridge.matching.fingerprint.comparison import compare
from stonebridge.matching.fingerprint.template import Template


@pytest.fixture
def matcher(tmp_path: Path) -> MatcherHere:
    return MatcherHere(tmp_path / "gallery")


@pytest.fixture(autouse=True)
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SECOND_LOOK_SHARE", 0.0)
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 0.0)


@pytest.fixture
def clerk() -> Actor:
    return actor_for(officer(Role.REGISTRATION_CLERK), today=TODAY, second_factor=True)


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> None:
    ready()


@pytest.fixture(autouse=True)
def _node_has_this_matcher(matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "client", lambda: matcher)


def pair(matcher, clerk, first, second) -> Task:
    one = amira(clerk, captures=first)
    other = amira(clerk, given="Yusuf", family="Okonkwo", birth="30.11.1971", sex="m", captures=second)
    answered(matcher, NOW + timedelta(minutes=1))
    return on_record(Task).between(one.id, other.id).get(state="open")


def drawing_on(page: str) -> dict:
    return json.loads(re.search(r'id="finger-drawing"[^>]*>(.*?)</script>', page)[1])


def test_the_drawn_pairs_are_those_of_the_kernel(matcher, clerk):
    task = pair(matcher, clerk, pictures(7, 1, read=True), pictures(7, 2, read=True))
    page = signed_in(officer(Role.EXAMINER, "Jana Ilieva")).get(f"/pairs/{task.reference}/fingers/2/").content.decode()
    records = {position: iso19794.read(prints(7, position, (2,))[0].content) for position in (1, 2)}
    taken = [Template.of(record.points(record.views[0])) for record in records.values()]
    either = [compare(*taken).pairs, compare(*reversed(taken)).pairs]
    assert tuple((i, j) for i, j in drawing_on(page)["pairs"]) in either
    assert len(drawing_on(page)["pairs"]) > 8


def test_pictures_are_shown_to_who_judges_never_cached_and_to_nobody_else(matcher, clerk):
    task = pair(matcher, clerk, pictures(7, 1, read=True), pictures(7, 2, read=True))
    browser = signed_in(officer(Role.EXAMINER, "Jana Ilieva"))
    for part in ("probe", "candidate", "drawing"):
        reply = browser.get(f"/pairs/{task.reference}/fingers/2/{part}/")
        assert (reply.status_code, reply.headers["Content-Type"]) == (200, "image/png")
        assert "no-store" in reply.headers["Cache-Control"]
    other = signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk"))
    for part in ("", "2/", "2/probe/", "2/drawing/"):
        assert other.get(f"/pairs/{task.reference}/fingers/{part}").status_code == 403


def test_templates_alone_are_drawn_too(matcher, clerk):
    task = pair(matcher, clerk, prints(7, 1), prints(7, 2))
    browser = signed_in(officer(Role.EXAMINER, "Jana Ilieva"))
    page = browser.get(f"/pairs/{task.reference}/fingers/7/").content.decode()
    assert len(drawing_on(page)["pairs"]) > 8
    assert "<image" not in page
    assert browser.get(f"/pairs/{task.reference}/fingers/7/drawing/").status_code == 200
    assert browser.get(f"/pairs/{task.reference}/fingers/7/probe/").status_code == 404
    assert browser.get(f"/pairs/{task.reference}/fingers/3/").status_code == 404


def test_the_sheet_shows_every_finger_with_its_pairs_and_neither_score_nor_opinion(matcher, clerk):
    task = pair(matcher, clerk, pictures(7, 1, read=True), pictures(7, 2, read=True))
    judge(task, actor_for(officer(Role.EXAMINER, "Jana Ilieva"), today=TODAY, second_factor=True), "yes")
    url = f"/pairs/{task.reference}/fingers/sheet/"
    reply = signed_in(officer(Role.EXAMINER, "Petar Kostov")).get(url)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in reply.headers["Cache-Control"]
    pages = pypdf.PdfReader(io.BytesIO(reply.content)).pages
    told = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert [len(page.images) for page in pages] == [1, 1]
    assert all(words in told for words in ("Right index finger", "Left index finger", "Petar Kostov", task.reference))
    assert not [word for word in ("Jana", "bits", "score", f"{task.score:.1f}") if word in told]
    assert signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk")).get(url).status_code == 403


def test_the_sheet_is_printed_from_templates_alone(matcher, clerk):
    task = pair(matcher, clerk, prints(7, 1), prints(7, 2))
    browser = signed_in(officer(Role.EXAMINER, "Jana Ilieva"))
    assert browser.get(f"/pairs/{task.reference}/fingers/sheet/").content.startswith(b"%PDF-")


def test_the_second_examiners_fingers_carry_neither_the_first_opinion_nor_the_score(matcher, clerk):
    task = pair(matcher, clerk, pictures(7, 1, read=True), pictures(7, 2, read=True))
    browser = signed_in(officer(Role.EXAMINER, "Petar Kostov"))
    before = _plain(browser.get(f"/pairs/{task.reference}/fingers/2/").content.decode())
    judge(task, actor_for(officer(Role.EXAMINER, "Jana Ilieva"), today=TODAY, second_factor=True), "yes")
    told = _plain(browser.get(f"/pairs/{task.reference}/fingers/2/").content.decode())
    assert told == before
    assert set(drawing_on(told)) == {"points", "pairs"}  # places in pictures: any number may stand there by chance
    beside = told.replace(json.dumps(drawing_on(told)), "")
    assert not [word for word in ("Jana", "bits", "score", f"{task.score}", f"{task.score:.1f}") if word in beside]


def _plain(page: str) -> str:
    """Without the token that differs between any two requests."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
