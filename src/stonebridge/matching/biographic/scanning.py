"""Every row compared with a probe: for a few rows, and to explain one."""

from typing import Any

import numpy as np

from stonebridge.matching.biographic.birth import birth_bits, birth_level
from stonebridge.matching.biographic.evidence import PLACE_DIFFERS
from stonebridge.matching.biographic.probing import clear, make_probe
from stonebridge.matching.biographic.scoring import compare
from stonebridge.matching.kernels import kernel


@kernel
def scan(probes: Any, near: Any, places: Any, columns: Any, shares: Any, visible: Any, mask: int, space: Any,
         answers: Any) -> None:  # fmt: skip
    """Answer every probe from all visible rows, best first."""
    features = np.zeros(10, np.float32)
    how = np.zeros(10, np.int8)
    nobody = np.ones(1, np.int32)
    limit = answers.row.shape[1]
    for at in range(len(probes.names)):
        own = np.zeros(21)
        birth_bits(probes.birth[at], shares.birth, shares.birth_chance, own)
        probe = make_probe(at, probes, near, places, shares, PLACE_DIFFERS, own, space)
        found = 0
        for row in range(len(columns.start) - 1):
            if not visible[row] & mask:
                continue
            dates = birth_level(probe.birth, np.int64(columns.word[np.int64(columns.start[row]) + 1]))
            bits = compare(row, columns, probe, dates, -1e8, features, how)
            to = min(found, limit)
            while to > 0 and answers.bits[at, to - 1] < bits:
                if to < limit:
                    answers.bits[at, to] = answers.bits[at, to - 1]
                    answers.row[at, to] = answers.row[at, to - 1]
                    answers.features[at, to] = answers.features[at, to - 1]
                    answers.how[at, to] = answers.how[at, to - 1]
                to -= 1
            if to < limit:
                answers.bits[at, to], answers.row[at, to] = bits, row
                answers.features[at, to], answers.how[at, to] = features, how
                found = min(found + 1, limit)
        clear(at, probes, near, places, space, nobody)
