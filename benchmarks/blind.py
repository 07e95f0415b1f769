"""How long a table for blind questions takes to make, and a question: ``scripts/bench blind [records]``.

The parts that grow with the register are timed one by one, on a database of the node's own with so many records, each
with a passport, of whom Serbia may be told. It prints a table in Markdown.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import conftest  # noqa: F401 the settings of tests
from node_under_test import copied_database, running_server, set_up_django, template

set_up_django()

import psycopg  # noqa: E402

from region_bench import SERBIA  # noqa: E402
from stonebridge.domain.actor import Purpose  # noqa: E402
from stonebridge.domain.exact_tokens import TokenKind, exact_token  # noqa: E402
from stonebridge.exchange import voprf  # noqa: E402
from stonebridge.identification.models import BlindPart, BlindTable  # noqa: E402
from stonebridge.identification.region import blind_tables  # noqa: E402
from stonebridge.identification.region.blind_rows import found  # noqa: E402
from stonebridge.law import codes  # noqa: E402
from stonebridge.safeguards import gate  # noqa: E402

RECORDS = 100_000
ROUNDS = 200
T = TypeVar("T")
_FILL = """
CREATE TEMP TABLE made AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, %(records)s) AS n;
INSERT INTO registry_person (id, reference, collected_for, basis, registered_at, registered_by, unit, language,
    interpreter, notice_version, notice, read_back, no_documents, no_documents_account)
SELECT id, 'MK-' || n, 'registration', 'public_task', now(), 'bench', 'bench', '', '', '', 'acknowledged', '', '', ''
  FROM made;
INSERT INTO registry_document (id, person_id, kind, number, issuing_state, seen, recorded_at, recorded_by)
SELECT gen_random_uuid(), id, 'passport', 'N' || lpad(n::text, 8, '0'), 'SYR', 'original', now(), 'bench' FROM made;
INSERT INTO remedies_origin (id, person_id, state, is_origin, reason, recorded_at, recorded_by)
SELECT gen_random_uuid(), id, 'SRB', 'no', 'bench', now(), 'bench' FROM made;
INSERT INTO protection.screening (id, person_id, sealed, asked_at, asked_by)
SELECT gen_random_uuid(), id, ''::bytea, now(), 'bench' FROM made;
DELETE FROM identification_blindchange;
"""


def main(records: int) -> None:
    """Fill a database, time each part, print the table."""
    with running_server() as server, copied_database(server, template(server)) as database:
        with psycopg.connect(server.superuser_url(database.name)) as connection:
            connection.execute("SET session_replication_role = replica")  # no triggers: the rows are made up
            connection.execute(_FILL % {"records": records})
            connection.commit()
            connection.autocommit = True
            connection.execute("ANALYZE")
        print(f"| {records} records, two cores | time |\n|---|---:|")
        with gate.act(Purpose.IDENTIFICATION):
            judged = _timed("judging who may answer", lambda: blind_tables._judged("SRB"))
        if len(judged) != records:
            raise SystemExit(f"{len(judged)} of {records} records may answer; the filling is not what it should be")
        now = datetime.now(UTC)

        def make() -> None:
            with gate.act(Purpose.IDENTIFICATION):
                blind_tables._make(SERBIA, Purpose.IDENTIFICATION, now)

        _timed("a whole table: judged, evaluated, padded, stored", make)
        with gate.act(Purpose.IDENTIFICATION):
            parts = [bytes(each.rows) for each in BlindPart.objects.all()]
            table = BlindTable.objects.get()
            key = blind_tables.open_key(table)

        def follow() -> None:
            with gate.act(Purpose.IDENTIFICATION):
                blind_tables._follow({judged[0]}, {"rs"})

        _timed("one person judged anew", follow)
        suite, token = voprf.Suite(), exact_token(TokenKind.DOCUMENT, "SYR", "N00000001", codes.states())
        blinded = suite.blind(token)
        answer = suite.evaluate(key, [blinded.element])
        _often("blinding, by the asker", lambda: suite.blind(token))
        _often("evaluating with proof, by the asked", lambda: suite.evaluate(key, [blinded.element]))
        _often("checking the proof, by the asker", lambda: suite.finalise([blinded], answer, bytes(table.public)))
        y = suite.output(key, token)
        if found(parts, y) is None:
            raise SystemExit("a number of the register was not found in its table")
        _often("looking up at home", lambda: found(parts, y), rounds=20)
        print(f"| length of the table | {len(parts)} parts, {sum(map(len, parts)) / 1e6:.1f} MB |")


def _timed(name: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    answer = work()
    print(f"| {name} | {time.perf_counter() - began:.1f} s |", flush=True)
    return answer


def _often(name: str, work: Callable[[], object], rounds: int = ROUNDS) -> None:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    print(f"| {name} (median) | {median(taken) * 1000:.2f} ms |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)
