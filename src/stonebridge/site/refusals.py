"""A refusal in the words of the officer: the rule, its article, what is missing, who can change it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy

from stonebridge.accounts.labels import ACTIONS, ROLES
from stonebridge.domain.actor import Role
from stonebridge.domain.cite import citations_of
from stonebridge.law.load import instruments
from stonebridge.safeguards.gate import Refused

SENTENCES = {
    "an_actor_is_named": (
        gettext_lazy("Somebody by name stands behind every act; the clock may only search and note."),
        gettext_lazy("A named actor."),
    ),
    "a_second_factor_was_shown": (
        gettext_lazy("An officer or worker has confirmed this sign-in with a second factor."),
        gettext_lazy("A sign-in with a second factor. Sign out, sign in again and give the code."),
    ),
    "the_purpose_is_the_actors": (
        gettext_lazy("An actor works for the purposes of postings and mandates in force, and for no other."),
        gettext_lazy("A posting or mandate in force for this purpose."),
    ),
    "the_role_may_do_this": (
        gettext_lazy("The act belongs to a role that the actor holds today."),
        gettext_lazy("A posting in a role that may do this."),
    ),
    "a_legal_basis_is_named": (
        gettext_lazy("Every access names a legal basis from the list for its purpose."),
        gettext_lazy("A legal basis from the list for this purpose."),
    ),
    "a_restricted_record_is_closed": (
        gettext_lazy("While processing is restricted, only data protection may touch the record."),
        gettext_lazy("The lifting of the restriction."),
    ),
    "nothing_goes_to_a_state_of_origin": (
        gettext_lazy("Nothing about a person goes to a state of origin unless they were asked and claim no protection."),
        gettext_lazy("A dated answer that no protection is claimed, and certainty that this is no state of origin."),
    ),
    "an_open_referral_keeps_a_person_here": (
        gettext_lazy("While a protection referral is open, or nobody knows, nothing about the person goes to another state."),
        gettext_lazy("The questions about immediate needs, and the end of any referral."),
    ),
    "joining_takes_two_officers": (
        gettext_lazy("Two identities become one only on the agreeing opinions of two different officers."),
        gettext_lazy("The agreeing opinion of a second officer."),
    ),
    "nobody_judges_twice": (
        gettext_lazy("Whoever has given an opinion on a pair gives no second one on it."),
        gettext_lazy("Another officer."),
    ),
    "a_reproach_needs_an_article": (
        gettext_lazy("Whether several identities are justified is for a supervisor to say, who names the article."),
        gettext_lazy("The article of law."),
    ),
    "small_children_give_no_fingerprints": (
        gettext_lazy(
            "No biometrics are taken of a child under the minimum age; in doubt the child counts as younger."
        ),
        gettext_lazy("An age that is stated and high enough; estimate it and record who did."),
    ),
    "the_protection_store_serves_protection": (
        gettext_lazy("What the protection store holds is read for a referral, and for nothing else."),
        gettext_lazy("The purpose of a referral."),
    ),
}  # fmt: skip
"""Each rule of the gate in words to translate: the rule, and what is missing when it refuses."""


@dataclass(frozen=True, slots=True)
class Reason:
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
    known = instruments()
    reasons = []
    for rule in refused.told:
        sentence, missing = SENTENCES[rule.name]
        law = "; ".join(
            f"{known[cited.instrument].title if cited.instrument in known else cited.instrument}, "
            + gettext("Article %(articles)s") % {"articles": ", ".join(cited.articles)}
            for cited in citations_of(rule.judge)
        )
        reasons.append(Reason(str(sentence), law, str(missing), str(ROLES[rule.changed_by])))
    if refused.told != refused.reasons:
        reasons.append(_safeguard())
    return RefusalShown(str(ACTIONS[refused.asked.action]), tuple(reasons), _back(request))


def _safeguard() -> Reason:
    """One answer for a referral, a hold, a claim and what nobody knows, so that none can be told from another."""
    who = f"{ROLES[Role.DATA_PROTECTION_OFFICER]}; {ROLES[Role.PROTECTION_OFFICER]}"
    return Reason(
        gettext("A safeguard of this node keeps this back."), "",
        gettext("This page does not say more. Ask one of those named below; they can see what it rests on."), who,
    )  # fmt: skip


def _back(request: HttpRequest) -> str:
    """The page that led here, if it is one of ours and not this one; else the officer's desk."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    if came_from and ours and came_from != request.build_absolute_uri():
        return came_from
    return reverse("dashboard")
