"""The rules of the gate, and what the access log names, in words to translate: for refusals and whoever reads the log."""

from django.utils.translation import gettext_lazy

from stonebridge.accounts.labels import CLOCKS

SENTENCES = {
    "an_actor_is_named": (
        gettext_lazy("Somebody by name stands behind every act; the clock may only search, note, and repeat an officer's question."),
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


def rules_in_words(names: str) -> str:
    """The rules that an entry of the log names, by commas; one that is no rule any more stands by its name."""
    return " ".join(str(SENTENCES[name][0]) if name in SENTENCES else name for name in names.split(",") if name)


SUBJECTS = {
    "access request": gettext_lazy("access request"),
    "case": gettext_lazy("case %(name)s"),
    "draft": gettext_lazy("draft of a registration"),
    "drafts": gettext_lazy("drafts of registrations"),
    "emergencies": gettext_lazy("uses of emergency access"),
    "emergency": gettext_lazy("review of an emergency"),
    "evidence": gettext_lazy("evidence of the conversation %(name)s"),
    "fingers of pair": gettext_lazy("fingers of the pair %(name)s"),
    "list of holds": gettext_lazy("list of holds"),
    "list of restrictions": gettext_lazy("list of restrictions"),
    "list of what is due": gettext_lazy("list of records whose days are over"),
    "biometric": gettext_lazy("portrait or fingerprints %(name)s"),
    "message": gettext_lazy("message of a partner %(name)s"),
    "officer": gettext_lazy("officer %(name)s"),
    "partner": gettext_lazy("partner %(name)s"),
    "remedy": gettext_lazy("appeal or court order %(name)s"),
    "question": gettext_lazy("question of a partner or to one %(name)s"),
    "queue of pairs": gettext_lazy("pairs to judge"),
    "typing": gettext_lazy("search while typing"),
    "verification": gettext_lazy("check of both logs"),
}
"""What an entry of the log is about where it is no person: each as it is kept, up to a colon, and in words."""


def subject_in_words(subject: str) -> str:
    """What an entry is about; what is not on the list stands as it is kept."""
    kind, _, name = subject.partition(":")
    return str(SUBJECTS[kind]) % {"name": name} if kind in SUBJECTS else subject


def machine_in_words(reference: str) -> str:
    """Who acted where it was no officer: the clock or the system of a partner."""
    kind, _, name = reference.partition(":")
    return str(CLOCKS[name]) if kind == "clock" and name in CLOCKS else subject_in_words(reference)
