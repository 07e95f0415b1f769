"""``scripts/bench telling [EACH] [SEED] [AT ONCE]``: what the length and the time of an answer tell, over a running node.

EACH exchanges of each kind (no record, hidden record, hit) in an order of chance. Lengths must be equal; by time nobody
may tell kinds apart better than max(AUC, 1 - AUC) = 0.52. The interval is a bootstrap over the exchanges (95 %).
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import conftest  # noqa: F401 the settings of tests
from node_under_test import set_up_django


def main() -> int:
    each, seed, at_once = (int(value) for value in (sys.argv[1:] + ["10000", "1", "4"][len(sys.argv) - 1 :])[:3])
    set_up_django()
    from region_telling import LIMIT, VIEWS, exchanges, join, report, shapes, written
    from running_node import running_node

    with (
        tempfile.TemporaryDirectory(prefix="telling") as folder,
        running_node(Path(folder) / "mk", "--people", "0") as node,
    ):
        join(node, Path(folder))
        began = time.monotonic()
        seen = exchanges(node.address, each, at_once=at_once, seed=seed)
        log = (Path(folder) / "mk" / "logs" / "serve.log").read_text()
    print(f"{len(seen)} exchanges in {time.monotonic() - began:.0f} s, seed {seed}, {at_once} at once")
    print(
        Counter((one.kind, one.answer) for one in seen),
        {kind: len(shapes(seen, kind)) for kind in {one.kind for one in seen}},
    )
    print("later than a beat and a half:", Counter(one.kind for one in seen if one.last > 0.3))
    print(
        f"beats missed: {log.count('missed its beat')}; what could not be answered: {log.count('could not be answered')}"
    )
    print(written(seen))
    best = max(found[when][0] for found in report(seen).values() for when in ("first", "last"))
    equal = len(shapes(seen, *(kind for view in VIEWS.values() for kinds in view for kind in kinds))) == 1
    print(f"lengths {'equal' if equal else 'DIFFER'}; best guess by time {best:.4f} of at most {LIMIT}")
    return 0 if equal and best <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
