import csv
from pathlib import Path

from stonebridge.matching.biographic.clusters import Pair, clusters
from stonebridge.site.command import main

REGISTER = """id,given,family,father,mother,birth,sex,nationality,doc,pob
A1,Mohammad,Karimi,Reza,,1994-03-07,m,AFG,,Kabul
A2,محمد,کریمی,رضا,,1994-07-03,m,AFG,,Kabul
A3,Ahmad,Karimi,Reza,,1996-05-11,m,AFG,,Kabul
A4,Đorđe,Petrović,,,1980-05-06,m,SRB,P777777,Niš
A5,Ђорђе,Петровић,,,1980-05-06,m,SRB,,Ниш
A6,Yusuf,Halabi,,,2001-11-30,m,SYR,,Aleppo
"""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def deduplicated(folder: Path, *options: str) -> list[dict[str, str]]:
    (folder / "register.csv").write_text(REGISTER, "utf-8")
    out = folder / "pairs.csv"
    assert main(["deduplicate", str(folder / "register.csv"), "--out", str(out), "--probability", "0.5", *options]) == 0
    return rows_of(out)


def test_one_person_in_two_scripts_is_one_pair_and_a_brother_is_none(tmp_path):
    pairs = deduplicated(tmp_path)
    assert {(pair["id1"], pair["id2"]) for pair in pairs} == {("A1", "A2"), ("A4", "A5")}


def test_clusters_are_written_beside_the_pairs_and_name_their_weakest_pair(tmp_path):
    deduplicated(tmp_path, "--clusters", str(tmp_path / "clusters.csv"))
    found = rows_of(tmp_path / "clusters.csv")
    assert {row["id"] for row in found} == {"A1", "A2", "A4", "A5"}
    assert all(float(row["weakest_bits"]) > 0 for row in found)


def test_with_new_rows_two_old_rows_are_no_pair(tmp_path):
    (tmp_path / "new.csv").write_text("id,given,family,birth\nB1,Youssef,Al-Halaby,2001-11-30\n", "utf-8")
    pairs = deduplicated(tmp_path, "--new", str(tmp_path / "new.csv"))
    assert {(pair["id1"], pair["id2"]) for pair in pairs} == {("A6", "B1")}


def test_one_wrong_pair_does_not_chain_two_families_into_one_person():
    first = [Pair(1, 2, 40.0, 1.0), Pair(1, 3, 39.0, 1.0), Pair(2, 3, 38.0, 1.0)]
    second = [Pair(4, 5, 40.0, 1.0), Pair(4, 6, 39.0, 1.0), Pair(5, 6, 38.0, 1.0)]
    found = clusters([*first, *second, Pair(3, 4, 30.0, 0.9)], 0.5)
    assert [cluster.rows for cluster in found] == [(1, 2, 3), (4, 5, 6)]


def test_a_register_is_never_written_over_by_what_is_found_in_it(tmp_path, capsys):
    register = tmp_path / "register.csv"
    register.write_text(REGISTER, "utf-8")
    for options in (["--out", str(register)], ["--out", str(tmp_path / "." / "register.csv")],
                    ["--out", str(tmp_path / "p.csv"), "--clusters", str(register)],
                    ["--out", str(tmp_path / "p.csv"), "--aside", str(register)],
                    ["--out", str(tmp_path / "p.csv"), "--clusters", str(tmp_path / "p.csv")]):  # fmt: skip
        assert main(["deduplicate", str(register), *options]) == 2
        assert "write over" in capsys.readouterr().err
        assert register.read_text("utf-8") == REGISTER


def test_a_folder_that_is_not_there_is_named_before_anything_is_compared(tmp_path, capsys):
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    assert main(["deduplicate", str(tmp_path / "register.csv"), "--out", str(tmp_path / "none" / "pairs.csv")]) == 2
    assert "Its folder is not there" in capsys.readouterr().err
