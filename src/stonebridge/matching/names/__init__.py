"""Names of persons across scripts and spellings: words, normal forms, learned costs, likeness.

Nothing here knows birth dates, documents or registers: see ``matching.biographic``.
"""
