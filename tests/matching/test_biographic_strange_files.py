"""Files as strangers bring them: what can be read is read, what cannot is named by its line, and nothing is lost in silence."""

import json
from pathlib import Path

import pytest

from stonebridge.site.command import main

REGISTER = "id,given,family,birth\nA1,Mohammad,Karimi,1994-03-07\nA2,Đorđe,Petrović,1980-05-06\n"
QUERY = '{"given": "Ђорђе", "family": "Петровић"}\n'


def matched(
    folder: Path, register: str | bytes, queries: str | bytes = QUERY
) -> tuple[int, list[str], list[dict[str, object]]]:
    """The status, the best candidate of each query, and what was put aside."""
    for name, content in (("register.csv", register), ("queries.jsonl", queries)):
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    out, aside = folder / "out.jsonl", folder / "out.jsonl.aside.jsonl"
    status = main(
        ["match", str(folder / "register.csv"), str(folder / "queries.jsonl"), "--out", str(out), "--processes", "1"]
    )
    answers = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []
    best = [answer["candidates"][0]["id"] if answer["candidates"] else "" for answer in answers]
    return status, best, [json.loads(line) for line in aside.read_text("utf-8").splitlines()] if aside.exists() else []


@pytest.mark.parametrize("register", [
    "\ufeff" + REGISTER, REGISTER.replace("\n", "\r\n"), REGISTER.replace("\n", "\r"), REGISTER.replace("id,given", "ID , Given"),
    REGISTER + "\n\n", REGISTER.replace("A2,Đorđe", '"A2","Đorđe"'), REGISTER.rstrip("\n"),
], ids=["mark", "crlf", "cr", "capitals", "empty lines", "quoted", "no last line end"])  # fmt: skip
def test_what_other_programs_write_is_read_without_a_word(tmp_path, register):
    assert matched(tmp_path, register) == (0, ["A2"], [])


def test_letters_in_another_encoding_are_named_by_line_and_the_row_is_kept(tmp_path):
    status, best, aside = matched(tmp_path, REGISTER.encode() + "A3,José,Muñoz,1970\n".encode("latin-1"))
    assert (status, best) == (0, ["A2"])
    assert [(each["line"], each["what"]) for each in aside] == [(4, "read in part"), (4, "read in part")]
    assert "not UTF-8" in str(aside[0]["reason"])


def test_a_quotation_mark_that_is_not_closed_says_how_many_lines_it_swallowed(tmp_path, capsys):
    lost = "".join(f"B{row},Zana,Kola,1991\n" for row in range(200))
    status, best, aside = matched(tmp_path, REGISTER + 'A3,"Amira,Haddad,1994\n' + lost)
    assert (status, best) == (0, ["A2"])
    assert "not closed: 201 lines" in str(aside[0]["reason"])
    assert "201 rows skipped" in capsys.readouterr().err


def test_a_line_of_ten_megabytes_is_skipped_and_the_next_one_is_read(tmp_path):
    status, best, aside = matched(tmp_path, REGISTER.replace("A2", "A3," + "x" * 10_000_000 + ",Y,1990\nA2"))
    assert (status, best, [each["line"] for each in aside]) == (0, ["A2"], [3])


def test_a_query_of_ten_megabytes_is_cut_and_named(tmp_path):
    status, best, aside = matched(tmp_path, REGISTER, json.dumps({"given": "y" * 10_000_000}) + "\n" + QUERY)
    assert (status, best[1], [each["line"] for each in aside]) == (0, "A2", [1])


def test_of_equal_identifiers_the_first_counts_and_the_others_are_named(tmp_path):
    _, best, aside = matched(tmp_path, REGISTER + "A2,Zana,Kola,1991\nA2,Zana,Kola,1991\n")
    assert (best, [each["line"] for each in aside]) == (["A2"], [4, 5])


@pytest.mark.parametrize(("register", "said"), [
    ("", "must name the columns"), (REGISTER.encode("utf-16"), "not in UTF-8"), (REGISTER.replace(",", ";"), "semicolons"),
    (REGISTER.replace(",", "\t"), "tabulators"), ("given,family\nAmira,Haddad\n", "among them id"),
    ("id,given,given\n1,A,B\n", "stands there twice"), ("id,nom\n1,A\n", "Nothing in it can be compared"),
], ids=["empty", "utf-16", "semicolons", "tabulators", "no id", "twice", "nothing known"])  # fmt: skip
def test_a_file_that_cannot_be_meant_is_refused_with_what_to_do(tmp_path, capsys, register, said):
    assert matched(tmp_path, register)[:2] == (2, [])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("register", ["id,given\n", "id,given\nA,B\n"], ids=["nobody", "one"])
def test_a_register_of_nobody_or_of_one_has_no_doubles(tmp_path, register):
    (tmp_path / "register.csv").write_text(register, "utf-8")
    out = tmp_path / "pairs.csv"
    assert main(["deduplicate", str(tmp_path / "register.csv"), "--out", str(out)]) == 0
    assert out.read_text("utf-8").split() == ["id1,id2,bits,probability"]


def test_no_queries_are_no_answers(tmp_path):
    assert matched(tmp_path, REGISTER, "") == (0, [], [])


def test_a_list_of_alerts_with_names_alone_is_searched_by_the_same_command(tmp_path):
    alerts = (
        "id,given,family\n"
        + "".join(f"L{row},Name{row % 50},Family{row % 61}\n" for row in range(3000))
        + "X,محمد,کریمی\n"
    )
    status, best, aside = matched(
        tmp_path, alerts, '{"given": "Mohammad", "family": "Karimi", "birth": "1994-03-07"}\n'
    )
    assert (status, best, aside) == (0, ["X"], [])
