"""Roles, purposes and actions in words to translate."""

from django.utils.translation import gettext_lazy as _

from stonebridge.domain.actor import Purpose, Role

ROLES = {
    Role.REGISTRATION_CLERK: _("Registration clerk"),
    Role.EXAMINER: _("Examiner"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.PROTECTION_OFFICER: _("Protection officer"),
    Role.CASE_WORKER: _("Case worker"),
    Role.BORDER_OFFICER: _("Border officer"),
    Role.ANALYST: _("Analyst"),
    Role.DATA_PROTECTION_OFFICER: _("Data-protection officer"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.SOCIAL_WORKER: _("Social worker"),
}
PURPOSES = {
    Purpose.REGISTRATION: _("Registration"),
    Purpose.IDENTIFICATION: _("Identification"),
    Purpose.BORDER_CHECK: _("Border check"),
    Purpose.PROTECTION_CLAIM: _("Claim for protection"),
    Purpose.READMISSION: _("Readmission"),
    Purpose.RETURN: _("Return"),
    Purpose.REFERRAL: _("Protection referral"),
    Purpose.INCIDENT: _("Incident"),
    Purpose.PATHWAYS: _("Regular pathways"),
    Purpose.STATISTICS: _("Statistics"),
    Purpose.DATA_PROTECTION: _("Data protection"),
    Purpose.ADMINISTRATION: _("Administration"),
}
CLOCKS = {"search": _("the search, by machine"), "asking": _("the repeated question, by machine")}
"""Work that runs by itself, by the name of the job: no officer stands behind it."""
ACTIONS = {
    "register": _("Register a person"),
    "read": _("Read a person's record"),
    "search": _("Search the register"),
    "amend": _("Add to a person's record"),
    "take_biometrics": _("Take a portrait or fingerprints"),
    "read_biometrics": _("Look at a portrait or fingerprints"),
    "compare_biometrics": _("Let the matcher compare fingerprints"),
    "judge": _("Judge whether two records are one person"),
    "justify": _("Say whether several identities are justified"),
    "link": _("Link two records"),
    "withdraw_link": _("Withdraw a link"),
    "read_quality": _("See how well pairs are judged"),
    "record_claim": _("Record the state of a claim for protection"),
    "record_origin": _("Record whether a state is one of origin"),
    "disclose": _("Hand out a person's file"),
    "readmission_message": _("Send a readmission message"),
    "restrict": _("Restrict or open a record"),
    "assign_hold": _("Assign a hold"),
    "open_referral": _("Refer a person for protection"),
    "read_referral": _("Read a protection referral"),
    "close_referral": _("Close a protection referral"),
    "read_log": _("Read the access log"),
    "post": _("Make or end a posting"),
    "ask_partner": _("Ask a partner about a person"),
    "ask_again": _("Ask a partner again"),
    "answer_partner": _("Answer a partner about a person"),
    "correct": _("Tell those who were given data that it has changed"),
    "work_case": _("Work on a case"),
    "record_remedy": _("Record an appeal or a court order"),
    "end_remedy": _("End an appeal or a court order"),
    "manage_partners": _("Let a partner in, or revoke one"),
}
