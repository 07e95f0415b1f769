"""Readmission from both sides: the state that asks, and the state that is asked.

Articles of the agreement are those that the agreements of 2007 have in common; the agreement of a case says which
of them were checked. What stands in the way of a transfer is asked of facts of the node's own jurisdiction alone.
"""

from stonebridge.domain.actor import Role
from stonebridge.domain.process import OF_THE_CASE, OF_THE_NODE, Basis, Due, Exit, Guard, Process, Stage, Task


def _agreement(*articles: str) -> Basis:
    return Basis(OF_THE_CASE, articles)


REFOULEMENT = Guard(
    "non_refoulement", "No real risk of persecution, torture or inhuman treatment",
    (Basis("un-1951-refugees", ("33",)), Basis("coe-echr-1950", ("2", "3")), Basis("un-cat-1984", ("3",)),
     Basis("eu-charter", ("19(2)",))),
)  # fmt: skip
CLAIM = Guard("claim", "No claim for protection is pending", (Basis("un-1951-refugees", ("33",)),))
REMEDY = Guard(
    "remedy", "No appeal or court order suspends it", (Basis("coe-echr-1950", ("13",)), Basis("eu-charter", ("47",)))
)
CHILD = Guard(
    "child", "A child's best interests were assessed and a guardian is named", (Basis("un-crc-1989", ("3",)),)
)
FAMILY = Guard("family", "Family life was weighed", (Basis("eu-2008-115", ("5",)),))
TRAFFICKING = Guard(
    "trafficking", "No sign of trafficking is open, and no recovery and reflection period runs",
    (Basis("coe-197-2005", ("10(2)", "13")),),
)  # fmt: skip
SILENCE = Guard(
    "silence", "The text says that silence agrees, its value is verified, and every reading of the time has passed",
    (_agreement("10(2)"),),
)  # fmt: skip
EXPIRY = Guard("expiry", "The value is verified and every reading of the time has passed", (_agreement("10"),))
RIGHTS = (REFOULEMENT, CLAIM, REMEDY, CHILD, FAMILY, TRAFFICKING)
_RIGHTS = tuple(guard.id for guard in RIGHTS)
_REPLY = Due("readmission.reply_within", "receipt of the application")
_TRANSFER = Due("readmission.transfer_within", "agreement, or expiry of the time to answer")
_ERROR = Due("readmission.error_within", "transfer of the person")

REQUESTED = Process(
    id="readmission_requested",
    title="Readmission: we are asked",
    version=1,
    stages=(
        Stage("received", "Application received",
              tasks=(Task("acknowledge", "Acknowledge receipt and start the clock", Role.CASE_WORKER, _agreement("10(2)")),
                     Task("check_completeness", "Check the application against the annex", Role.CASE_WORKER, _agreement("7"))),
              exits=(Exit("complete", "Complete", "examination"),
                     Exit("incomplete", "Something is missing", "supplement", early=True),
                     Exit("withdrawn", "Withdrawn by the requesting state", "withdrawn", early=True))),
        Stage("supplement", "Supplement awaited",
              tasks=(Task("ask_for_supplement", "Ask for what is missing, naming it", Role.CASE_WORKER, _agreement("7")),),
              exits=(Exit("supplied", "Supplied", "examination"),
                     Exit("withdrawn", "Withdrawn by the requesting state", "withdrawn", early=True))),
        Stage("examination", "Examination",
              tasks=(Task("identify", "Identify the person in our register", Role.EXAMINER, _agreement("8", "9")),
                     Task("weigh_evidence", "Weigh the evidence by annex: proof or prima facie", Role.CASE_WORKER, _agreement("8", "9")),
                     Task("interview", "Interview the person, with an interpreter", Role.CASE_WORKER, _agreement("8(3)"),
                          Due("readmission.interview_within", "request of the requesting state"), optional=True),
                     Task("ask_for_time", "Ask for more time, with reasons", Role.CASE_WORKER, _agreement("10(3)"), optional=True)),
              exits=(Exit("examined", "Examined", "decision"),
                     Exit("withdrawn", "Withdrawn by the requesting state", "withdrawn", early=True))),
        Stage("decision", "Reply",
              tasks=(Task("reply", "Reply, with reasons", Role.CASE_WORKER, _agreement("10(2)"), _REPLY, second=True),),
              exits=(Exit("agreed", "Agreed", "preparation"),
                     Exit("refused", "Refused with reasons", "refused"),
                     Exit("silent", "The time to answer expired", "preparation", ("silence",), early=True),
                     Exit("withdrawn", "Withdrawn by the requesting state", "withdrawn", early=True))),
        Stage("preparation", "Preparation of the transfer",
              tasks=(Task("issue_document", "Issue the travel document", Role.CASE_WORKER, _agreement("2(4)"),
                          Due("readmission.travel_document_within", "agreement")),
                     Task("agree_transfer", "Agree on day, border point, escort and care", Role.CASE_WORKER, _agreement("11"), _TRANSFER),
                     Task("prepare_reception", "Prepare reception: housing, care, guardian", Role.SOCIAL_WORKER, Basis("un-crc-1989", ("3",)))),
              exits=(Exit("ready", "Ready", "arrival", _RIGHTS),
                     Exit("lapsed", "Not transferred in time", "lapsed", ("expiry",), early=True),
                     Exit("withdrawn", "Withdrawn by the requesting state", "withdrawn", early=True))),
        Stage("arrival", "Arrival",
              tasks=(Task("hand_over", "Sign the hand-over and confirm arrival", Role.BORDER_OFFICER, _agreement("11")),
                     Task("refer", "Refer to services and reintegration", Role.SOCIAL_WORKER, Basis(OF_THE_NODE))),
              exits=(Exit("arrived", "Arrived", "after_transfer"),
                     Exit("not_handed_over", "Did not arrive", "preparation", early=True))),
        Stage("after_transfer", "Time to find an error",
              tasks=(Task("check_conditions", "Check that the conditions were met", Role.CASE_WORKER, _agreement("12"), _ERROR),),
              exits=(Exit("in_order", "In order", "completed"),
                     Exit("error", "Readmitted in error: the requesting state takes the person back", "taken_back", early=True))),
        Stage("completed", "Readmitted"),
        Stage("taken_back", "Taken back"),
        Stage("refused", "Refused"),
        Stage("lapsed", "Lapsed"),
        Stage("withdrawn", "Withdrawn"),
    ),
    guards=(*RIGHTS, SILENCE, EXPIRY),
)  # fmt: skip

REQUESTING = Process(
    id="readmission_requesting",
    title="Readmission: we ask",
    version=1,
    stages=(
        Stage("drafting", "Application prepared",
              tasks=(Task("choose_agreement", "Choose the agreement, and say why", Role.CASE_WORKER, _agreement("6(1)")),
                     Task("collect_evidence", "Collect evidence by annex", Role.CASE_WORKER, _agreement("8", "9")),
                     Task("hear_person", "Hear the person, with an interpreter, on what stands in the way", Role.CASE_WORKER,
                          Basis("coe-echr-1950", ("3", "13"))),
                     Task("state_care_needs", "State care and help needed, with the person's consent", Role.SOCIAL_WORKER,
                          _agreement("7(2)"), optional=True)),
              exits=(Exit("submitted", "Submitted", "submitted", _RIGHTS),
                     Exit("dropped", "Not pursued", "withdrawn", early=True))),
        Stage("submitted", "Reply awaited",
              tasks=(Task("follow_receipt", "Follow the receipt and the time to answer", Role.CASE_WORKER, _agreement("10(2)"), _REPLY),),
              exits=(Exit("agreed", "Agreed", "preparation"),
                     Exit("silent", "The time to answer expired", "preparation", ("silence",), early=True),
                     Exit("incomplete", "A supplement is asked for", "supplement", early=True),
                     Exit("refused", "Refused with reasons", "refused"),
                     Exit("withdrawn", "Withdrawn by us", "withdrawn", early=True))),
        Stage("supplement", "Supplement due",
              tasks=(Task("supply", "Supply what is missing", Role.CASE_WORKER, _agreement("7")),),
              exits=(Exit("supplied", "Supplied", "submitted"), Exit("withdrawn", "Withdrawn by us", "withdrawn", early=True))),
        Stage("preparation", "Preparation of the transfer",
              tasks=(Task("get_document", "Obtain the travel document", Role.CASE_WORKER, _agreement("2(4)"),
                          Due("readmission.travel_document_within", "agreement")),
                     Task("tell_person", "Tell the person day, place and remedies, in a language understood", Role.CASE_WORKER,
                          Basis("coe-echr-1950", ("13",))),
                     Task("announce_transfer", "Announce day, border point, escort and care", Role.CASE_WORKER, _agreement("11"), _TRANSFER),
                     Task("medical_check", "Have fitness to travel assessed", Role.SOCIAL_WORKER, Basis("eu-2008-115", ("5", "9(2)")))),
              exits=(Exit("depart", "Departure", "transfer", _RIGHTS),
                     Exit("lapsed", "Not transferred in time", "lapsed", ("expiry",), early=True),
                     Exit("withdrawn", "Withdrawn by us", "withdrawn", early=True))),
        Stage("transfer", "Transfer",
              tasks=(Task("recheck", "Ask once more, before boarding, what stands in the way", Role.SUPERVISOR,
                          Basis("coe-echr-1950", ("3", "13")), second=True),
                     Task("hand_over", "Sign the hand-over", Role.BORDER_OFFICER, _agreement("11"))),
              exits=(Exit("handed_over", "Handed over", "after_transfer", _RIGHTS),
                     Exit("stopped", "Stopped: something stands in the way", "preparation", early=True))),
        Stage("after_transfer", "Time to find an error",
              tasks=(Task("take_back", "Take the person back if the conditions were not met", Role.CASE_WORKER, _agreement("12"), _ERROR,
                          optional=True),),
              exits=(Exit("in_order", "In order", "completed"), Exit("error", "Readmitted in error", "taken_back", early=True))),
        Stage("completed", "Readmitted"),
        Stage("taken_back", "Taken back"),
        Stage("refused", "Refused"),
        Stage("lapsed", "Lapsed"),
        Stage("withdrawn", "Withdrawn"),
    ),
    guards=(*RIGHTS, SILENCE, EXPIRY),
)  # fmt: skip

PROCESSES = (REQUESTED, REQUESTING)
