"""The access log: who did what to whose data, so written that nothing can be taken out of it unnoticed.

Pure: ``merkle``, ``entry``, ``person_map``, ``checkpoint``, ``export``, ``witness``. With a
database: ``append`` writes, ``sequencer`` numbers and signs, ``reading`` and ``verify`` read.
What this proves, against whom, and what it does not: docs/concepts/access-log.md.
"""
