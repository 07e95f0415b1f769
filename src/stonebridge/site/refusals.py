"""A refusal in the words of the officer: the rule, its article, what is missing, who can change it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from stonebridge.accounts.labels import ACTIONS, ROLES
from stonebridge.domain.actor import Role
from stonebridge.domain.cite import citations_of
from stonebridge.law.load import instruments
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.sentences import SENTENCES


@dataclass(frozen=True, slots=True)
class Reason:
    rule: str
    sentence: str
    law: str
    missing: str
    who: str


@dataclass(frozen=True, slots=True)
class RefusalShown:
    asked: str
    reasons: tuple[Reason, ...]
    back_url: str


def shown(refused: Refused, request: HttpRequest) -> RefusalShown:
    """What the refusal page says."""
    return RefusalShown(str(ACTIONS[refused.asked.action]), _reasons(refused), _back(request))


def lines(refused: Refused) -> list[str]:
    """The same at a terminal, with the name under which the access log has each rule."""
    said = [
        f"{gettext('This step is not permitted now')}: {ACTIONS[refused.asked.action]}.",
        gettext("Nothing was changed. The refusal is recorded, and it is not a fault of yours."),
    ]
    for reason in _reasons(refused):
        said.append(f"- {reason.sentence}" + (f" ({reason.rule})" if reason.rule else ""))
        told = ((gettext("Legal basis"), reason.law), (gettext("What is missing"), reason.missing),
                (gettext("Who can change it"), reason.who))  # fmt: skip
        said += [f"  {key}: {text}" for key, text in told if text]
    return said


def _reasons(refused: Refused) -> tuple[Reason, ...]:
    known = instruments()
    reasons = []
    for rule in refused.told:
        sentence, missing = SENTENCES[rule.name]
        law = "; ".join(
            f"{known[cited.instrument].title if cited.instrument in known else cited.instrument}, "
            + gettext("Article %(articles)s") % {"articles": ", ".join(cited.articles)}
            for cited in citations_of(rule.judge)
        )
        reasons.append(Reason(rule.name, str(sentence), law, str(missing), str(ROLES[rule.changed_by])))
    if refused.told != refused.reasons:
        reasons.append(_safeguard())
    return tuple(reasons)


def _safeguard() -> Reason:
    """One answer for a referral, a hold, a claim and what nobody knows, so that none can be told from another."""
    who = f"{ROLES[Role.DATA_PROTECTION_OFFICER]}; {ROLES[Role.PROTECTION_OFFICER]}"
    return Reason(
        "", gettext("A safeguard of this node keeps this back."), "",
        gettext("Nothing more is said here. Ask one of those named below; they can see what it rests on."), who,
    )  # fmt: skip


def _back(request: HttpRequest) -> str:
    """The page that led here, if it is one of ours and not this one; else the officer's desk."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    if came_from and ours and came_from != request.build_absolute_uri():
        return came_from
    return reverse("dashboard")
