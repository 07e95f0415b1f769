"""Voluntary return and reintegration: from counselling on all options to the last follow-up.

The person may withdraw at every stage until boarding. Numbers of the Return Directive hold in the Union alone;
elsewhere a node names its own law, and until it does there is no rule on file.
"""

from stonebridge.domain.actor import Role
from stonebridge.domain.process import OF_THE_NODE, Basis, Exit, Guard, Process, Stage, Task

_OWN_LAW = Basis(OF_THE_NODE)
_DECIDES = Exit("withdrawn", "The person withdraws", "withdrawn", early=True)
CONSENT = Guard("consent", "The person's written consent stands, given after counselling on all options", (_OWN_LAW,))
REFOULEMENT = Guard(
    "non_refoulement", "No real risk of persecution, torture or inhuman treatment",
    (Basis("un-1951-refugees", ("33",)), Basis("coe-echr-1950", ("2", "3")), Basis("un-cat-1984", ("3",))),
)  # fmt: skip
CHILD = Guard(
    "child", "A child's best interests were assessed and a guardian is named", (Basis("un-crc-1989", ("3",)),)
)
TRAFFICKING = Guard(
    "trafficking", "No sign of trafficking is open, and no recovery and reflection period runs",
    (Basis("coe-197-2005", ("10(2)", "13")),),
)  # fmt: skip
HEALTH = Guard("health", "Fit to travel", (Basis("eu-2008-115", ("5", "9(2)")),))
GUARDS = (CONSENT, REFOULEMENT, CHILD, TRAFFICKING, HEALTH)

VOLUNTARY_RETURN = Process(
    id="voluntary_return",
    title="Voluntary return and reintegration",
    version=1,
    stages=(
        Stage("counselling", "Counselling",
              tasks=(Task("explain_options", "Explain all options, regular stay and protection among them", Role.SOCIAL_WORKER, _OWN_LAW),
                     Task("hear_wishes", "Hear what the person wants, with an interpreter", Role.SOCIAL_WORKER, _OWN_LAW)),
              exits=(Exit("wants_return", "Wants to return", "assessment"),
                     Exit("stays", "Chooses another way", "another_way", early=True))),
        Stage("assessment", "Assessment",
              tasks=(Task("vulnerability", "Assess vulnerability and risk", Role.SOCIAL_WORKER, Basis("coe-197-2005", ("10(2)", "13"))),
                     Task("health", "Assess health and fitness to travel", Role.SOCIAL_WORKER, Basis("eu-2008-115", ("5", "9(2)"))),
                     Task("best_interests", "Assess a child's best interests and family abroad", Role.PROTECTION_OFFICER,
                          Basis("un-crc-1989", ("3",)), optional=True),
                     Task("consent", "Take written consent, which may be withdrawn until boarding", Role.SOCIAL_WORKER, _OWN_LAW)),
              exits=(Exit("eligible", "Eligible", "planning", ("consent", "child", "trafficking")),
                     Exit("not_eligible", "Not eligible, with reasons and remedies", "not_eligible", early=True), _DECIDES)),
        Stage("planning", "Documents and plan",
              tasks=(Task("travel_document", "Obtain a travel document", Role.CASE_WORKER, _OWN_LAW),
                     Task("plan", "Plan reintegration: economic, social, psychosocial", Role.SOCIAL_WORKER, _OWN_LAW),
                     Task("receiving_partner", "Have the receiving partner accept the plan", Role.SOCIAL_WORKER, _OWN_LAW),
                     Task("travel", "Book travel, transit help and reception", Role.CASE_WORKER, _OWN_LAW)),
              exits=(Exit("ready", "Ready to leave", "departure", tuple(guard.id for guard in GUARDS)), _DECIDES)),
        Stage("departure", "Departure",
              tasks=(Task("ask_again", "Ask once more before boarding", Role.SOCIAL_WORKER, _OWN_LAW),
                     Task("confirm_departure", "Confirm departure", Role.BORDER_OFFICER, _OWN_LAW)),
              exits=(Exit("left", "Departed", "arrival", tuple(guard.id for guard in GUARDS)), _DECIDES,
                     Exit("postponed", "Postponed", "planning", early=True))),
        Stage("arrival", "Arrival",
              tasks=(Task("confirm_arrival", "Confirm arrival with the receiving partner", Role.SOCIAL_WORKER, _OWN_LAW),),
              exits=(Exit("arrived", "Arrived", "reintegration"), Exit("unknown", "Arrival cannot be confirmed", "lost_contact", early=True))),
        Stage("reintegration", "Reintegration and follow-up",
              tasks=(Task("deliver", "Deliver the plan in instalments", Role.SOCIAL_WORKER, _OWN_LAW),
                     Task("follow_up", "Follow up after 1, 3, 6 and 12 months, with a score for each dimension", Role.SOCIAL_WORKER, _OWN_LAW)),
              exits=(Exit("followed_up", "Last follow-up done", "closed"), Exit("unknown", "Contact lost", "lost_contact", early=True))),
        Stage("closed", "Closed"),
        Stage("lost_contact", "Contact lost"),
        Stage("withdrawn", "Withdrawn by the person"),
        Stage("not_eligible", "Not eligible"),
        Stage("another_way", "Another way chosen"),
    ),
    guards=GUARDS,
)  # fmt: skip

PROCESSES = (VOLUNTARY_RETURN,)
