"""The register from a terminal: as whoever signed in there, through the same gate."""

import json

import pytest

from people import actor, amira
from sign_ins import sign_in_at_a_terminal
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate
from stonebridge.site.command import main

pytestmark = pytest.mark.usefixtures("own_state_folder")

OMAR = {
    "notice": "acknowledged",
    "draft": "019a0000-0000-7000-8000-000000000001",
    "identity": {"names": [{"part": "given", "text": "Omar"}], "birth": {"text": "about 30"}},
    "arrival": {
        "category": "irregular_crossing", "arrived_on": "2026-11-20", "met_at": "2026-11-21T14:05:00+01:00",
    },
}  # fmt: skip


def omar_in(folder) -> str:
    path = folder / "omar.json"
    path.write_text(json.dumps(OMAR), encoding="utf-8")
    return str(path)


def test_a_person_is_registered_from_a_file_once_however_often_it_is_handed_in(tmp_path, capsys):
    sign_in_at_a_terminal(Role.REGISTRATION_CLERK)
    assert main(["person", "register", omar_in(tmp_path)]) == 0
    first = capsys.readouterr().out
    assert main(["person", "register", omar_in(tmp_path)]) == 0
    assert capsys.readouterr().out == first
    with gate.act(Purpose.REGISTRATION):
        assert Person.objects.count() == 1


def test_the_example_in_the_help_registers(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["person", "register", "--help"])
    told = capsys.readouterr().out
    file = tmp_path / "example.json"
    file.write_text(told[told.index("  {") : told.rindex("}") + 1], encoding="utf-8")
    sign_in_at_a_terminal(Role.REGISTRATION_CLERK)
    assert main(["person", "register", str(file)]) == 0


def test_nobody_registers_without_signing_in(tmp_path, capsys):
    assert main(["person", "register", omar_in(tmp_path)]) == 2
    assert "stonebridge sign-in" in capsys.readouterr().err


def test_an_examiner_is_refused_at_a_terminal_as_at_a_desk(tmp_path, capsys):
    sign_in_at_a_terminal(Role.EXAMINER)
    assert main(["person", "register", omar_in(tmp_path)]) == 2
    heard = capsys.readouterr().err.splitlines()
    assert "- The act belongs to a role that the actor holds today. (the_role_may_do_this)" in heard
    assert "  What is missing: A posting in a role that may do this." in heard
    assert "  Who can change it: Administrator" in heard


def test_a_search_prints_one_line_a_record_and_none_is_an_answer_of_no(capsys):
    person = amira(actor(Role.REGISTRATION_CLERK))
    sign_in_at_a_terminal(Role.SUPERVISOR)
    assert main(["person", "search", "Амира"]) == 0
    assert capsys.readouterr().out.startswith(f"{person.reference}\tAmira Haddad\t07.03.1994\tf\tSYR\tspelling")
    assert main(["person", "search", "Zzyzx"]) == 1


def test_a_record_is_shown_as_json_by_a_reference_that_is_typed_badly(capsys):
    person = amira(actor(Role.REGISTRATION_CLERK))
    sign_in_at_a_terminal(Role.SUPERVISOR)
    assert main(["person", "show", person.reference.lower().replace("-", " ")]) == 0
    assert json.loads(capsys.readouterr().out)["reference"] == person.reference


def test_an_authority_receives_no_file_without_its_state(capsys):
    person = amira(actor(Role.REGISTRATION_CLERK))
    sign_in_at_a_terminal(Role.SUPERVISOR)
    assert main(["person", "file", person.reference, "--to", "Ministry of Interior"]) == 2
    assert "--state" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_an_error_of_one_line(capsys):
    sign_in_at_a_terminal(Role.REGISTRATION_CLERK)
    assert main(["person", "register", "/nowhere/omar.json"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_pages_are_written_to_a_new_file_of_the_officers_own_and_over_no_other(tmp_path, capsys):
    person = amira(actor(Role.REGISTRATION_CLERK))
    sign_in_at_a_terminal(Role.SUPERVISOR)
    path = tmp_path / "file.pdf"
    assert main(["person", "file", person.reference, "--pdf", str(path)]) == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert path.stat().st_mode & 0o077 == 0
    assert main(["person", "file", person.reference, "--pdf", str(path)]) == 2
    assert "Name a new file" in capsys.readouterr().err


def test_a_refused_file_leaves_nothing_on_the_disk(tmp_path):
    person = amira(actor(Role.SUPERVISOR))
    sign_in_at_a_terminal(Role.REGISTRATION_CLERK)
    assert main(["person", "file", person.reference, "--pdf", str(tmp_path / "file.pdf")]) == 2
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_refusal_at_a_terminal_names_no_rule_from_which_protection_could_be_guessed(capsys):
    person = amira(actor(Role.REGISTRATION_CLERK))
    sign_in_at_a_terminal(Role.SUPERVISOR)
    assert main(["person", "file", person.reference, "--to", "Ministry of Interior", "--state", "SRB"]) == 2
    heard = capsys.readouterr().err
    assert "A safeguard of this node keeps this back" in heard
    assert "referral" not in heard
