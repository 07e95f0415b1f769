"""What passes between nodes, and what is wrong with a connection, in words, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from stonebridge.exchange.diagnosis import Finding, Trouble
from stonebridge.exchange.partners import fingerprint, own_key, own_key_id

WRONG: dict[Trouble, tuple[Promise, Promise]] = {
    Trouble.NAME: (
        _("The name in its address is not known"),
        _("Check the address in the list, and the name service of this node."),
    ),
    Trouble.UNREACHABLE: (
        _("Its address cannot be reached"),
        _("Ask the partner whether its node runs, and your network whether it lets this node out to that address."),
    ),
    Trouble.SLOW: (
        _("It does not answer in time"),
        _("Ask the partner whether its node is overloaded, and your network whether packets are dropped on the way."),
    ),
    Trouble.TLS: (
        _("The encrypted connection (TLS) cannot be made"),
        _("Compare its certificate with the partner: its name, its end, and who issued it."),
    ),
    Trouble.NO_NODE: (
        _("Something else answers at its address"),
        _("Check the address in the list. A server in between may answer in its place."),
    ),
    Trouble.CLOCK: (
        _("The clocks of both nodes differ too much"),
        _("Set the clock of both nodes by a time server. Messages older than 90 seconds, or from the future, are refused."),
    ),
    Trouble.CLOCK_NEARLY: (
        _("The clocks of both nodes differ"),
        _("Set both by a time server before messages are refused; that happens from 30 seconds on."),
    ),
    Trouble.OUR_KEY: (
        _("It does not know this node, or knows it by another key or address"),
        _("Ask the partner to list this node as “%(code)s” with the fingerprint %(fingerprint)s, and to check under which "
          "address its own node is reached."),
    ),
    Trouble.ITS_KEY: (
        _("It signs with another key than the one in our list"),
        _("Call the partner. If it has a new key, propose it and let a second officer compare the fingerprint; if not, "
          "revoke the partner now."),
    ),
    Trouble.OLDER: (
        _("It answers, but its version does not know greetings yet"),
        _("Messages pass. Ask the partner to update its node."),
    ),
    Trouble.REFUSED: (
        _("It knows this node, and takes no message now"),
        _("Try again later. If it stays so, ask the partner’s administrator."),
    ),
    Trouble.NOT_UNDERSTOOD: (
        _("Its answer cannot be read"),
        _("Compare the versions of both nodes with the partner’s administrator."),
    ),
    Trouble.ITS_VERSIONS: (
        _("It speaks other versions than our list says"),
        _("Propose its entry anew with the versions it speaks."),
    ),
    Trouble.NO_COMMON_VERSION: (
        _("Both nodes have no version of this kind of message in common"),
        _("One of the nodes must be updated; the previous version is always understood."),
    ),
    Trouble.NOT_LISTED: (
        _("It does not take all kinds of messages from us that our list expects"),
        _("Ask the partner to propose our entry anew with these kinds, or take them out of its entry here."),
    ),
    Trouble.PURPOSES: (
        _("The purposes agreed differ between both lists"),
        _("Agree with the partner for which purposes messages pass; then each side proposes the entry anew."),
    ),
}  # fmt: skip

KINDS = {
    "person_query": _("Do you know this person?"), "blind_query": _("Blind questions by number"),
    "blind_table": _("Tables for blind questions"), "follow_up": _("Requests for more"),
    "follow_up_answer": _("Answers to requests"), "correction": _("Corrections"),
    "link_withdrawn": _("Links that no longer hold"), "acknowledgement": _("Acknowledgements"),
    "greeting": _("Tests of the connection"), "checkpoint": _("Checkpoints of access logs"),
    "partner_revoked": _("Word of revoked partners"),
}  # fmt: skip
"""Kinds of messages; one that a later version brings is named as it names itself."""


def kinds_in_words(profiles: Mapping[str, Sequence[int]]) -> str:
    """Kinds of messages with their versions, for people."""
    texts = ((str(KINDS.get(name, name)), ", ".join(map(str, sorted(each)))) for name, each in profiles.items())
    return "; ".join(f"{text} ({versions})" for text, versions in sorted(texts))


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is wrong, what the test saw of it, and what to do."""

    title: str
    detail: str
    remedy: str


def in_words(finding: Finding) -> Told:
    """A finding as an officer reads it."""
    title, remedy = WRONG[finding.trouble]
    named = {"code": own_key_id(), "fingerprint": fingerprint(own_key())}
    return Told(str(title), finding.detail, str(remedy) % named if "%(" in str(remedy) else str(remedy))


def all_is_well() -> str:
    """What a test says that found nothing."""
    return say("It answers, signed with the key in our list. Clock, versions and purposes fit.")
