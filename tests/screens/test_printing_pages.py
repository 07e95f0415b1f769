"""Printed pages, read back as a reader would: the file, the receipt, the comparison."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pypdf
import pytest
from django.utils import translation

from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.domain.partial_date import parse_birth_date
from stonebridge.formats import intake
from stonebridge.identification.papers import comparison_sheet
from stonebridge.registry.models import NamePart
from stonebridge.registry.papers import person_file, receipt, receipt_texts
from stonebridge.registry.queries import ArrivalRead, DocumentRead, EventRead, NameRead, PersonRead, StatementRead
from stonebridge.ui import printing

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LONG = "Wolfeschlegelsteinhausenbergerdorff-Hadžinikolovska-Papadimitriou"
BARE = {"title": "t", "reference": "r", "authority": "a", "lang": "en", "foot": "f", "incomplete": "i"}


def statement(given: str, family: str, *, latin: str = "", superseded: bool = False) -> StatementRead:
    names = (
        NameRead(NamePart.GIVEN, given, latin, "arabic", 0),
        NameRead(NamePart.FAMILY, family, "", "latin", 0),
    )
    return StatementRead(
        id=UUID(int=1), standing="declared", stated_at=NOON, recorded_by="Ana Clerk", reason="", superseded=superseded,
        names=names, sex="f", birth=parse_birth_date("1998", today=date(2026, 11, 24)), birth_place="Homs", birth_state="SYR",
        nationalities=(("SYR", "declared", ""),), stateless="unknown",
    )  # fmt: skip


@pytest.fixture
def amira() -> PersonRead:
    event = EventRead("disclosed", NOON, NOON, "Vera Supervisor", "registration", "mk-foreigners", {"to_state": "SRB"})
    return PersonRead(
        id=UUID(int=2), reference="MK-7F2K-93TD", registered_at=NOON, registered_by="Ana Clerk", unit="Tabanovce",
        basis="x", language="ar", interpreter="", notice="acknowledged", notice_version="1", read_back="thumb",
        no_documents="", no_documents_account="",
        statements=(statement("محمد عبد الرحمن", LONG, latin="Muhammad Abd al-Rahman"),
                    statement("Мирјана", "Ѓорѓиевска-Ќосева", superseded=True)),
        documents=(DocumentRead("passport", "N0042", "SYR", date(2027, 1, 2), "copy", NOON),),
        arrivals=(ArrivalRead("irregular_crossing", "", "Vaksince", "alone", date(2026, 11, 20), NOON, NOON),),
        family=(), family_references=(), history=(event,), restricted_since=None, restriction_reason="", holds=(),
    )  # fmt: skip


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    """Without spaces and breaks, which a long name gets anywhere."""
    return "".join(text.split())


def size_of(pdf: bytes) -> tuple[int, int]:
    box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def test_the_file_holds_every_statement_also_the_superseded(amira: PersonRead):
    text = squeezed(text_of(person_file(amira, printed_by="Ana", at=NOON)))
    assert LONG in text
    assert "Ѓорѓиевска-Ќосева" in text
    assert "MuhammadAbdal-Rahman" in text


def test_the_file_says_who_was_told_when_and_by_whom(amira: PersonRead):
    text = squeezed(text_of(person_file(amira, printed_by="Ana", at=NOON)))
    assert text.count("VeraSupervisor") == 2
    assert "Serbia(SRB)" in text


def test_the_file_names_who_printed_it_and_when(amira: PersonRead):
    assert "Printed 24 November 2026, 13:00 by Ana Clerk" in text_of(
        person_file(amira, printed_by="Ana Clerk", at=NOON)
    )


def test_a_restriction_stands_on_the_file(amira: PersonRead):
    restricted = replace(amira, restricted_since=NOON, restriction_reason="accuracy contested")
    assert "accuracy contested" in text_of(person_file(restricted, printed_by="Ana", at=NOON))


def test_the_file_is_in_the_language_of_the_officer(amira: PersonRead):
    with translation.override("mk"):
        pdf = person_file(amira, printed_by="Ana", at=NOON)
    assert pypdf.PdfReader(io.BytesIO(pdf)).root_object["/Lang"] == "mk"


def test_arabic_names_keep_their_letters(amira: PersonRead):
    letters = set(text_of(person_file(amira, printed_by="Ana", at=NOON)))
    assert set("محمدعبدالرحمن") <= letters


def test_a_portrait_is_on_the_file(amira: PersonRead):
    from PIL import Image

    taken = io.BytesIO()
    Image.radial_gradient("L").resize((300, 400)).save(taken, "JPEG")
    pdf = person_file(amira, printed_by="Ana", at=NOON, portrait=intake.portrait(taken.getvalue()).jpeg)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images) == 1


def test_the_receipt_is_a5_on_one_page_in_both_languages(amira: PersonRead):
    pdf = receipt(amira, printed_by="Ana", at=NOON, languages=("mk", "ar"))
    assert (size_of(pdf), len(pypdf.PdfReader(io.BytesIO(pdf)).pages)) == ((148, 210), 1)
    assert "Потврда за регистрација" in text_of(pdf)


def test_the_receipt_shows_reference_rights_and_next_steps(amira: PersonRead):
    text = text_of(receipt(amira, printed_by="Ana", at=NOON, languages=("en",)))
    assert "MK-7F2K-93TD" in text
    assert "Your rights" in text
    assert "What happens next" in text


def test_a_translation_that_nobody_checked_says_so(amira: PersonRead):
    assert "No translator has checked" in text_of(receipt(amira, printed_by="Ana", at=NOON, languages=("mk",)))
    assert "No translator has checked" not in text_of(receipt(amira, printed_by="Ana", at=NOON, languages=("en",)))


def test_the_receipt_shows_the_day_of_the_place_and_not_of_greenwich(amira: PersonRead):
    late = replace(amira, registered_at=datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert "2026-11-25" in text_of(receipt(late, printed_by="Ana", at=NOON, languages=("en",)))


def test_a_language_without_texts_falls_back_to_the_original(amira: PersonRead):
    text = text_of(receipt(amira, printed_by="Ana", at=NOON, languages=("tlh",)))
    assert "Receipt of registration" in text


def test_the_receipt_tells_nothing_of_a_claim_or_of_needs(amira: PersonRead):
    claimed = replace(amira, holds=("claim", "referral"))
    assert receipt(claimed, printed_by="Ana", at=NOON) == receipt(amira, printed_by="Ana", at=NOON)


@pytest.mark.parametrize("language", sorted(set(receipt_texts()) - {"en"}))
def test_every_translation_says_as_much_as_the_original(language: str):
    counted = {key: len(text) if isinstance(text, list) else 1 for key, text in receipt_texts()[language].items()}
    assert counted == {key: len(text) if isinstance(text, list) else 1 for key, text in receipt_texts()["en"].items()}


def test_the_comparison_names_both_records_and_says_what_differs():
    rows = [
        {"feature": "Given name", "probe": {"text": "محمد", "lang": "ar"}, "candidate": {"text": "Muhamed", "lang": "sq"},
         "outcome": "similar", "sentence": "The same name in two scripts"},
        {"feature": "Born", "probe": "1994-03-07", "candidate": "1994-07-03", "outcome": "differs",
         "sentence": "Day and month are swapped"},
    ]  # fmt: skip
    pdf = comparison_sheet(
        "MK-T000-0001", probe="MK-AAAA-0001", candidate="MK-BBBB-0002", comparisons=rows,
        judgements=[["24 November 2026", "Ana", "Same person: yes", "fingers agree"]],
        facts=[{"key": "Link", "value": "white"}], printed_by="Ana", at=NOON,
    )  # fmt: skip
    text = text_of(pdf)
    assert "MK-AAAA-0001" in text
    assert "Day and month are swapped" in " ".join(text.split())


@pytest.mark.parametrize("make", [person_file, receipt])
def test_the_same_data_and_time_give_the_same_bytes(make: Callable[..., bytes], amira: PersonRead):
    assert make(amira, printed_by="Ana", at=NOON) == make(amira, printed_by="Ana", at=NOON)


def test_the_pages_are_tagged_and_archival(amira: PersonRead):
    pdf = person_file(amira, printed_by="Ana", at=NOON)
    root = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # an object of the reader's own
    assert b"pdfaid" in pdf
    assert b"pdfuaid" in pdf


def test_a_name_that_is_a_command_is_printed_and_not_obeyed(amira: PersonRead):
    evil = '#read("/etc/passwd") \\ "] #panic() $x$ {{data}}'
    changed = replace(amira, statements=(statement(evil, "*bold* _x_ <label> @ref"),))
    text = squeezed(text_of(person_file(changed, printed_by="Ana", at=NOON)))
    assert '#read("/etc/passwd")' in text
    assert "*bold*_x_<label>@ref" in text


def test_a_template_that_asks_for_a_file_gets_none(tmp_path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "room" / "printing").mkdir(parents=True)
    (tmp_path / "room" / "printing" / "page.typ").write_text('#read("/etc/passwd")')
    monkeypatch.setattr(printing, "PACKAGE", tmp_path)
    with pytest.raises(Unavailable, match="could not be set"):
        printing.pdf("room/page", BARE, at=NOON)


def test_a_name_in_a_script_without_a_font_is_printed_with_a_warning(amira: PersonRead):
    pdf = person_file(replace(amira, statements=(statement("ሰላም", "Tesfay"),)), printed_by="Ana", at=NOON)
    assert "an empty box stands for each" in text_of(pdf).replace("\n", " ")
    assert "an empty box" not in text_of(person_file(amira, printed_by="Ana", at=NOON))


@pytest.mark.parametrize("template", ["registry/no_such", "../registry/receipt", "registry/../ui/paper", "receipt", ""])
def test_a_template_that_is_none_is_refused(template: str):
    with pytest.raises(BadInput, match="template"):
        printing.pdf(template, BARE, at=NOON)


def test_a_preview_is_a_picture(amira: PersonRead):
    sides = {"halves": [], "remark": ""}
    assert printing.png(
        "registry/receipt",
        BARE | sides,
        at=NOON,
        images={"reference": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"},
    ).startswith(b"\x89PNG")
