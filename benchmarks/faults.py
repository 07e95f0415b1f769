"""``scripts/bench faults [SECONDS] [SEED]``: two nodes, a network that cannot be trusted, and kill -9 of every part.

``scripts/bench faults --broken NAME|all [SECONDS] [SEED]`` plays it with nodes broken in one way (tests/region_faults/
variants.py), each of which the oracle must find out. The status is 0 when nothing was wrong, or everything broken was found.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import conftest  # noqa: F401 the settings of tests
from node_under_test import set_up_django

SECONDS, BROKEN_SECONDS = 150, 15
HEALING_OF_BROKEN = 10.0


def main() -> int:
    words = sys.argv[1:]
    broken = words[1] if words[:1] == ["--broken"] and len(words) > 1 else ""
    rest = words[2 if broken else 0 :]
    seconds = float(rest[0]) if rest else (BROKEN_SECONDS if broken else SECONDS)
    seed = int(rest[1]) if len(rest) > 1 else 1
    set_up_django()
    from region_faults.run import play
    from region_faults.variants import VARIANTS

    if broken not in {"", "all", *VARIANTS}:
        print(f"Name one of: all, {', '.join(VARIANTS)}.")
        return 2
    missed = 0
    for name in VARIANTS if broken == "all" else [broken]:
        with tempfile.TemporaryDirectory(prefix="faults") as folder:
            outcome = play(Path(folder), seconds, seed, name, **({"healing": HEALING_OF_BROKEN} if name else {}))
        print(f"{name or 'the node as it is'}, {seconds:.0f} s, seed {seed}\n{outcome.told()}\n", flush=True)
        missed += bool(outcome.wrong) != bool(name)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
