"""``scripts/bench kills [ROUNDS] [SEED]``: kill -9 of the processes of a node at random moments, a hundred times.

Plays the rounds of tests/house/test_kills.py, each the whole journey from registration to a withdrawn link: nothing
acknowledged may be lost or there twice, nothing half-saved, the search must agree with the register, and the log must
be whole.
"""

import sys
import time

import pytest


def main() -> int:
    rounds, seed = (sys.argv[1:] + ["100", "1"][len(sys.argv) - 1 :])[:2]
    began = time.monotonic()
    status = pytest.main(["-s", "tests/house/test_kills.py", "--kills", rounds, "--kills-seed", seed])
    print(
        f"{rounds} rounds with seed {seed} in {time.monotonic() - began:.0f} s: {'passed' if status == 0 else 'FAILED'}"
    )
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
