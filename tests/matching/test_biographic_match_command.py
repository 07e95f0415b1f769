import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stonebridge.site.command import main

REGISTER = """id,given,family,father,mother,birth,sex,nationality,doc,pob
A1,Mohammad,Karimi,Reza,,1994-03-07,m,AFG,P123456,Kabul
A2,Fatima,Haidari,Ali,,1990-01-01,f,AFG,,Herat
A3,Đorđe,Petrović,,,1980-05-06,m,SRB,P777777,Niš
A4,Yusuf,Halabi,,,2001-11-30,m,SYR,,
"""


def matched(folder: Path, queries: list[dict[str, str]], *options: str, register: str = REGISTER):
    (folder / "register.csv").write_text(register, "utf-8")
    (folder / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in queries), "utf-8")
    out = folder / "out.jsonl"
    arguments = [str(folder / "register.csv"), str(folder / "queries.jsonl"), "--out", str(out), "--processes", "1"]
    assert main(["match", *arguments, *options]) == 0
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_a_person_is_found_across_scripts_and_swapped_day_and_month(tmp_path):
    answers = matched(tmp_path, [
        {"given": "محمد", "family": "كريمي", "birth": "1994-03-07"},
        {"given": "Ђорђе", "family": "Петровић", "birth": "1980-06-05"},
        {"given": "Halabi", "family": "Youssef", "birth": "2001"},
    ])  # fmt: skip
    assert [answer["candidates"][0]["id"] for answer in answers] == ["A1", "A3", "A4"]
    assert [answer["query"] for answer in answers] == [0, 1, 2]


def test_the_reasons_add_up_to_the_score(tmp_path):
    (answer,) = matched(tmp_path, [{"given": "Mohamed", "family": "Karimy", "birth": "1994-03-07", "doc": "P123456"}])
    best = answer["candidates"][0]
    assert best["bits"] == pytest.approx(sum(reason["bits"] for reason in best["explanation"]), abs=1e-6)
    assert {reason["feature"] for reason in best["explanation"]} >= {
        "given_name",
        "family_name",
        "birth_date",
        "document",
    }
    assert all(reason["sentence"] for reason in best["explanation"])


def test_rows_that_cannot_be_read_are_put_aside_and_the_rest_is_used(tmp_path):
    broken = REGISTER + "A5,too,few\n,no,id,,,,,,,\nA1,same,id,,,,,,,\nA6,Zana,Kelmendi,,,soon,f,,,\n"
    answers = matched(tmp_path, [{"given": "Zana", "family": "Kelmendi"}], register=broken)
    assert answers[0]["candidates"][0]["id"] == "A6"
    aside = [json.loads(line) for line in (tmp_path / "out.jsonl.aside.jsonl").read_text("utf-8").splitlines()]
    assert [(each["line"], each["what"]) for each in aside] == [
        (6, "skipped"), (7, "skipped"), (8, "skipped"), (9, "read in part"),
    ]  # fmt: skip


def test_a_query_that_is_not_json_is_put_aside_and_keeps_its_number(tmp_path):
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    (tmp_path / "queries.jsonl").write_text('{"given": "Yusuf"}\nnonsense\n{"given": "Fatima"}\n', "utf-8")
    out = tmp_path / "out.jsonl"
    main(
        [
            "match",
            str(tmp_path / "register.csv"),
            str(tmp_path / "queries.jsonl"),
            "--out",
            str(out),
            "--processes",
            "1",
        ]
    )
    assert [json.loads(line)["query"] for line in out.read_text("utf-8").splitlines()] == [0, 2]


def test_only_the_fields_that_are_asked_for_are_compared(tmp_path):
    query = {"given": "Mohammad", "family": "Karimi", "birth": "1994-03-07", "nationality": "SYR", "sex": "f"}
    (answer,) = matched(tmp_path, [query], "--fields", "given,family,birth")
    assert {reason["feature"] for reason in answer["candidates"][0]["explanation"]} == {
        "given_name", "family_name", "birth_date", "relatives",
    }  # fmt: skip


def test_a_missing_file_is_said_in_one_line(tmp_path, capsys):
    assert main(["match", str(tmp_path / "no.csv"), str(tmp_path / "no.jsonl"), "--out", str(tmp_path / "out")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_line_nested_far_too_deep_is_put_aside_and_the_others_are_answered(tmp_path):
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    queries, out = tmp_path / "queries.jsonl", tmp_path / "out.jsonl"
    queries.write_text("[" * 100_000 + '\n{"given": "Mohammad", "family": "Karimi"}\n', "utf-8")
    assert main(["match", str(tmp_path / "register.csv"), str(queries), "--out", str(out), "--processes", "1"]) == 0
    assert [json.loads(line)["query"] for line in out.read_text("utf-8").splitlines()] == [1]
    assert "nested far too deep" in out.with_name("out.jsonl.aside.jsonl").read_text("utf-8")


def test_queries_are_never_written_over_by_their_answers(tmp_path, capsys):
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"given": "Mohammad"}\n', "utf-8")
    assert main(["match", str(tmp_path / "register.csv"), str(queries), "--out", str(queries)]) == 2
    assert "write over" in capsys.readouterr().err
    assert queries.read_text("utf-8") == '{"given": "Mohammad"}\n'


def test_an_answer_carries_the_id_of_its_query(tmp_path):
    answers = matched(tmp_path, [{"id": "q-7", "given": "Yusuf"}, {"id": 8, "given": "Yusuf"}, {"given": "Yusuf"}])
    assert [answer.get("id") for answer in answers] == ["q-7", 8, None]


def test_values_that_cannot_be_read_are_reported_and_the_query_is_answered_without_them(tmp_path):
    (answer,) = matched(tmp_path, [{"given": "Fatima", "family": {"no": "text"}, "birth": "1.1.1990", "sex": "?"}])
    assert answer["candidates"][0]["id"] == "A2"
    aside = [json.loads(line) for line in (tmp_path / "out.jsonl.aside.jsonl").read_text("utf-8").splitlines()]
    assert [each["reason"].partition(" ")[0] for each in aside] == ["family", "no", "no"]


def test_small_work_is_answered_without_machine_code_and_the_same_as_with_it(tmp_path):
    compiled = matched(tmp_path, [{"given": "محمد", "family": "كريمي", "birth": "1994-03-07", "doc": "P123456"}])
    out, cache = tmp_path / "out.jsonl", tmp_path / "cache"
    command = [sys.executable, "-c", "from stonebridge.site.command import main; main()", "match", "register.csv"]
    command += ["queries.jsonl", "--out", out.name]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=60)
    assert list(cache.rglob("*.nbc")) == []
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == compiled
