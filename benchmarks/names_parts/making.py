"""Makes the benchmark's files: REGISTER.csv and QUERIES.jsonl as ``stonebridge match`` reads them, and the doubles.

``scripts/bench names --people 100000``: 2,000 queries about members, 2,000 about people who
are not registered, 1,000 about brothers and sisters of members who are not registered.
Seeded: the same files from the same numbers everywhere.
"""

import csv
import json
import random
from pathlib import Path

from names_parts.people import Paper, World
from names_parts.slips import again

FIELDS = ("given", "family", "father", "mother", "birth", "sex", "nationality", "doc", "pob")
DOUBLES = 0.03  # share of the people
SEED = 100


def make(folder: Path, count: int, queries: int) -> None:
    """Write the files of a register of ``count`` people into a folder."""
    world = World()
    people = world.people(count, SEED)
    draw = random.Random(SEED + 1)
    kept = [world.registered(person, draw) for person in people]
    asked = random.Random(SEED + 2)
    lines = [(f"R{place}", "member", again(world, people[place], kept[place], asked))
             for place in asked.sample(range(count), queries)]  # fmt: skip
    others = world.people(queries, SEED + 990_000)
    lines += [("", "stranger", again(world, person, None, asked)) for person in others]
    lines += [("", "sibling", again(world, world.sibling(people[place], asked), None, asked))
              for place in asked.sample(range(count), queries // 2)]  # fmt: skip
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as stream:
        for truth, who, paper in lines:
            stream.write(json.dumps({**_fields(paper), "truth": truth, "who": who, "slices": paper.slices},
                                    ensure_ascii=False) + "\n")  # fmt: skip
    with (folder / "register.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", *FIELDS))
        writer.writerows((f"R{place}", *_fields(paper).values()) for place, paper in enumerate(kept))
    with (folder / "doubles.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", *FIELDS))
        writer.writerows((f"R{place}", *_fields(paper).values()) for place, paper in enumerate(kept))
        for place in draw.sample(range(count), int(count * DOUBLES)):
            writer.writerow((f"D{place}", *_fields(again(world, people[place], None, draw)).values()))


def _fields(paper: Paper) -> dict[str, str]:
    return {field: getattr(paper, field) for field in FIELDS}
