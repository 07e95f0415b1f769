"""The mark of a page that shows a pair: it changes when anything that the officer saw there has changed."""

import json
from hashlib import sha256

from stonebridge.identification.models import Task
from stonebridge.registry.models import Document, IdentityStatement


def mark_of(task: Task) -> str:
    """A short digest of the pair, its comparison, and every statement and document of both. It tells no verdict.

    Used inside a transaction for identification. Statements and documents are never changed, so their identifiers say
    enough.
    """
    pair = [task.probe_id, task.candidate_id]
    stands = [
        *IdentityStatement.objects.filter(person_id__in=pair).order_by("id").values_list("id", flat=True),
        *Document.objects.filter(person_id__in=pair).order_by("id").values_list("id", flat=True),
    ]
    content = json.dumps([task.reference, task.comparisons, [str(each) for each in stands]], sort_keys=True)
    return sha256(content.encode()).hexdigest()[:12]
