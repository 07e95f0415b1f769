"""What the bench prints: a judged pair side by side, for a file, an appeal or a court, and the fingers of a pair."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from stonebridge.registry.forms.captures import FINGERS
from stonebridge.ui import printing

Rows = Sequence[Mapping[str, object]]


def comparison_sheet(
    task: str, *, probe: str, candidate: str, comparisons: Rows, judgements: Sequence[Sequence[object]], facts: Rows,
    printed_by: str, at: datetime,
) -> bytes:  # fmt: skip
    """One pair on A4 sheets, as a PDF in the officer's language.

    Args:
        task: the reference of the task, which heads the sheet; ``probe`` and ``candidate`` are those of the records.
        comparisons: rows of feature, probe, candidate, outcome and sentence, as the pair's page shows them.
        judgements: lines of when, officer, answer, and reasons or remark.
        facts: rows of key and value: the link's state and colour, the rule behind it, the matcher's version.

    Raises:
        Unavailable: the pages could not be set.
    """
    frame = printing.frame(_("Comparison %(task)s") % {"task": task}, task, printed_by=printed_by, at=at)
    data = frame | {
        "subtitle": _("Records %(probe)s and %(candidate)s") % {"probe": probe, "candidate": candidate},
        "columns": (_("Feature"), probe, candidate, _("What the comparison says")),
        "features": comparisons,
        "judgements_heading": _("Judgements"),
        "judgement_columns": (_("When"), _("Officer"), _("Answer"), _("Reasons")),
        "judgements": judgements,
        "facts_heading": _("What stands"),
        "facts": facts,
        "notice": _(
            "A comparison is not a judgement. People judge; a judgement is dated and reasoned and can be withdrawn."
        ),
    }
    return printing.pdf("identification/comparison_sheet", data, at=at)


def finger_sheet(
    pair: str, *, probe: str, candidate: str, fingers: Mapping[int, tuple[bytes, Rows]], printed_by: str, at: datetime
) -> bytes:
    """The fingers of a pair beside each other, one to a page, as a PDF. Neither the score nor an opinion.

    Args:
        pair: the reference of the pair, which heads the sheet; ``probe`` and ``candidate`` are those of the records.
        fingers: by position a PNG of both sides with their matched pairs, and rows of key and value about it.

    Raises:
        Unavailable: the pages could not be set.
    """
    frame = printing.frame(_("Fingers of pair %(pair)s") % {"pair": pair}, pair, printed_by=printed_by, at=at)
    data = frame | {
        "subtitle": _("Records %(probe)s and %(candidate)s") % {"probe": probe, "candidate": candidate},
        "fingers": [
            {
                "key": f"finger-{position}",
                "heading": FINGERS[position],
                "alt": _("Both fingers; lines join the minutiae that lie on each other"),
                "rows": rows,
            }
            for position, (_picture, rows) in fingers.items()
        ],
        "notice": _(
            "Left %(probe)s, right %(candidate)s. Lines join the minutiae that a machine found to lie on each other; "
            "they prove nothing. People judge."
        )
        % {"probe": probe, "candidate": candidate},
    }
    images = {f"finger-{position}": content for position, (content, _rows) in fingers.items()}
    return printing.pdf("identification/finger_sheet", data, at=at, images=images)
