"""``scripts/bench cases [ROUNDS] [SEED]``: a transfer against what forbids it, as often as asked for each suspending fact.

Plays the rounds of tests/apps/test_casework_races.py, two connections each, in random order: none may go through
once the fact was acknowledged. The same harness without the wall must see one go through.
"""

import os
import random
import sys
import time

import pytest


def main() -> int:
    rounds, seed = (sys.argv[1:] + ["10000", "1"][len(sys.argv) - 1 :])[:2]
    os.environ["STONEBRIDGE_CASE_ROUNDS"] = rounds
    random.seed(int(seed))
    began = time.monotonic()
    status = pytest.main(["-n", "0", "--durations", "0", "tests/apps/test_casework_races.py"])
    print(
        f"{rounds} rounds a fact with seed {seed} in {time.monotonic() - began:.0f} s: {'passed' if status == 0 else 'FAILED'}"
    )
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
