"""Claims and states of origin in words to translate."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stonebridge.safeguards.policy import Claim, Fact

CLAIMS = {
    Claim.NONE: _("Asked, and claims no protection"),
    Claim.PENDING: _("Claims protection; the procedure is open"),
    Claim.GRANTED: _("Protection is granted"),
    Claim.WITHDRAWN: _("The claim was withdrawn"),
    Claim.FINALLY_REJECTED: _("Finally rejected: no appeal is open any more"),
    Claim.UNKNOWN: _("Not known: not asked yet"),
}
EFFECTS = {
    Claim.NONE: _("Messages to a state of origin are possible, if nothing else stands in the way."),
    Claim.PENDING: _("Nothing about this person goes to a state of origin."),
    Claim.GRANTED: _("Nothing about this person goes to a state of origin."),
    Claim.WITHDRAWN: _("Nothing about this person goes to a state of origin."),
    Claim.FINALLY_REJECTED: _(
        "To a state of origin go readmission messages alone, and none of them tells of the claim."
    ),
    Claim.UNKNOWN: _("Unknown opens nothing: nothing about this person goes to a state of origin."),
}
ORIGINS = {Fact.YES: _("A state of origin"), Fact.NO: _("No state of origin"), Fact.UNKNOWN: _("Not known")}
COLOURS = {
    Claim.NONE: "grey", Claim.PENDING: "blue", Claim.GRANTED: "green", Claim.WITHDRAWN: "yellow",
    Claim.FINALLY_REJECTED: "orange", Claim.UNKNOWN: "yellow",
}  # fmt: skip
KINDS = {"appeal": _("Appeal"), "court_order": _("Court order")}
BRINGERS = {
    "person": _("The person"), "counsel": _("Counsel"), "guardian": _("Guardian"), "authority": _("An authority"),
}  # fmt: skip
EFFECTS_OF_REMEDIES = {
    Fact.YES: (_("Suspends: nothing is carried out"), "red"),
    Fact.UNKNOWN: (_("Not known whether it suspends: nothing is carried out"), "yellow"),
    Fact.NO: (_("Does not suspend"), "grey"),
}
OUTCOMES = {
    "allowed": _("Allowed"), "dismissed": _("Dismissed"), "withdrawn": pgettext_lazy("appeal", "Withdrawn"), "lifted": _("Order lifted"),
}  # fmt: skip
