"""The colour of a link between two records.

After the multiple-identity detector of Regulations (EU) 2019/817 and 2019/818, Articles 30
to 33, whose text is the same in both. Those rules speak of links across systems; inside one
register they are our own rule after that model, and a result says which rows are ours.

The house is stricter than the Regulations: a machine creates yellow links only, also where
Article 28(3) makes a white one automatically. A row reads as in the tables of the field:
biometrics ``=`` same, ``≠`` different, ``∅`` absent; identity data ``=`` same, ``~`` similar,
``≠`` different; travel document ``=`` same, ``≠`` different, ``∅`` absent.
"""

from dataclasses import dataclass
from enum import StrEnum

from stonebridge.domain.cite import cites
from stonebridge.domain.errors import NoRuleMatched


class Biometrics(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    ABSENT = "absent"


class IdentityData(StrEnum):
    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"


class TravelDocument(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two records have in common. ``ABSENT``: at least one of them lacks it."""

    biometrics: Biometrics
    identity: IdentityData
    document: TravelDocument

    def __str__(self) -> str:
        return f"biometrics {self.biometrics}, identity data {self.identity}, travel document {self.document}"


class SamePerson(StrEnum):
    """The first answer of a judgement. Identity follows from it alone."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    INSUFFICIENT = "insufficient"


class Justified(StrEnum):
    """The second answer: whether what differs or is shared is lawful. Only a supervisor gives it."""

    YES = "yes"
    NO = "no"
    NOT_ASSESSED = "not_assessed"


class Colour(StrEnum):
    WHITE = "white"
    YELLOW = "yellow"
    GREEN = "green"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Colouring:
    """A colour and the row that gave it.

    ``article`` is of Regulations (EU) 2019/817 and 2019/818. ``own_rule``: no row of the
    Regulations covers this, or the house is stricter; the article is then the model it follows.
    ``status`` says how far the article's text has been checked.
    """

    colour: Colour
    rule_id: str
    article: str
    own_rule: bool
    status: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. Each field lists the values it covers; ``answer`` ``-`` is: not judged yet."""

    rule_id: str
    colour: Colour
    biometrics: str
    identity: str
    document: str
    answer: str
    justified: str
    article: str
    status: str = "recalled"

    @property
    def own_rule(self) -> bool:
        return self.rule_id.startswith(("own.", "house."))

    def covers(self, evidence: Evidence, answer: SamePerson | None, justified: Justified) -> bool:
        return (
            _SYMBOLS[evidence.biometrics] in self.biometrics
            and _SYMBOLS[evidence.identity] in self.identity
            and _SYMBOLS[evidence.document] in self.document
            and (answer or "-") in self.answer.split()
            and justified in self.justified.split()
        )


_SYMBOLS = {"same": "=", "similar": "~", "different": "≠", "absent": "∅"}

_ANY = "=≠∅"
_UNSHARED = "≠∅"
_OPEN = "- unsure insufficient"
_NOT_UNJUSTIFIED = "yes not_assessed"
_Y, _G, _R, _W = Colour.YELLOW, Colour.GREEN, Colour.RED, Colour.WHITE

ROWS: tuple[Row, ...] = (
    # Article 32: red, after a judgement that says unjustified
    Row("32.a", _R, "=", "~≠", _ANY, "yes", "no", "32(1)(a)", "secondary"),
    Row("32.b", _R, "≠", "=~≠", "=", "no", "no", "32(1)(b)", "secondary"),
    Row("32.c", _R, "≠", "=", _UNSHARED, "no", "no", "32(1)(c)", "secondary"),
    Row("32.d", _R, "∅", "≠", "=", "yes", "no", "32(1)(d)", "secondary"),
    # Article 33: white
    Row("33.d", _W, "=", "~≠", _ANY, "yes", "yes", "33(1)(d)", "secondary"),
    Row("33.c", _W, "=", "~", "=", "yes", "not_assessed", "33(1)(c)", "secondary"),
    Row("33.a", _W, "=", "=~", _ANY, "yes", _NOT_UNJUSTIFIED, "33(1)(a)", "secondary"),
    Row("33.b", _W, "∅", "=~", "=", "yes", _NOT_UNJUSTIFIED, "33(1)(b)", "secondary"),
    # Article 31: green
    Row("31.a", _G, "≠", "=", _ANY, "no", _NOT_UNJUSTIFIED, "31(1)(a)"),
    Row("31.b", _G, "≠", "~≠", "=", "no", _NOT_UNJUSTIFIED, "31(1)(b)"),
    Row("31.c", _G, "∅", "≠", "=", "no", _NOT_UNJUSTIFIED, "31(1)(c)"),
    # Article 30: yellow, no judgement or none that concludes; similar identity data with the same biometrics is
    # listed here and in Article 33, and Article 28(3) decides for white
    Row("30.a", _Y, "=", "≠", _ANY, _OPEN, "not_assessed", "30(1)(a)"),
    Row("30.b", _Y, "∅", "≠", "=", _OPEN, "not_assessed", "30(1)(b)"),
    Row("30.c", _Y, "≠", "=", _ANY, _OPEN, "not_assessed", "30(1)(c)"),
    Row("30.d", _Y, "≠", "~≠", "=", _OPEN, "not_assessed", "30(1)(d)"),
    # The house is stricter: what Article 28(3) makes white by machine waits here for an officer
    Row("house.a", _Y, "=", "=~", _ANY, _OPEN, "not_assessed", "28(3), 33(1)(a)", "secondary"),
    Row("house.b", _Y, "∅", "=~", "=", _OPEN, "not_assessed", "28(3), 33(1)(b)", "secondary"),
    # Our own rule, one register: a candidate by biographic data alone
    Row("own.candidate", _Y, "∅", "=~", _UNSHARED, "-", "not_assessed", "30(1)"),
    # Our own rule: an officer looked and did not conclude
    Row("own.open", _Y, "≠∅", "=~≠", _UNSHARED, "unsure insufficient", "not_assessed", "30(1)"),
    # Our own rule: the answer contradicts the biometrics, so the evidence is looked at again before a colour is given
    Row("own.contradiction", _Y, "=", "=~≠", _ANY, "no", "yes no not_assessed", "30(1)"),
    Row("own.contradiction", _Y, "≠", "=~≠", _ANY, "yes", "yes no not_assessed", "30(1)"),
    # Our own rule: the same person under different identity data, and nobody has yet said whether that is lawful
    Row("own.justification_open", _Y, "=", "≠", _ANY, "yes", "not_assessed", "30(1)(a)"),
    Row("own.justification_open", _Y, "∅", "≠", _ANY, "yes", "not_assessed", "30(1)(b)"),
    # Our own rule: the same person, without biometrics
    Row("own.white_without_biometrics", _W, "∅", "=~", _UNSHARED, "yes", _NOT_UNJUSTIFIED, "33(1)(b)"),
    Row("own.white_without_biometrics", _W, "∅", "≠", _ANY, "yes", "yes", "33(1)(d)"),
    Row("own.red_without_biometrics", _R, "∅", "~", _ANY, "yes", "no", "32(1)(d)"),
    Row("own.red_without_biometrics", _R, "∅", "≠", _UNSHARED, "yes", "no", "32(1)(d)"),
    # Our own rule: two persons
    Row("own.green_nothing_shared", _G, "≠", "~≠", _UNSHARED, "no", _NOT_UNJUSTIFIED, "31(1)(b)"),
    Row("own.green_without_biometrics", _G, "∅", "=~", _ANY, "no", _NOT_UNJUSTIFIED, "31(1)(c)"),
    Row("own.green_without_biometrics", _G, "∅", "≠", _UNSHARED, "no", _NOT_UNJUSTIFIED, "31(1)(c)"),
    Row("own.red_shared_document", _R, "∅", "=~≠", "=", "no", "no", "32(1)(b)"),
    Row("own.red_taken_identity", _R, "∅", "=", _UNSHARED, "no", "no", "32(1)(c)"),
)
"""Every row, the Regulations' before ours; the first that covers a case answers."""


@cites("eu-2019-817", "28(3)", "28(4)", "30", "31", "32", "33")
@cites("eu-2019-818", "28(3)", "28(4)", "30", "31", "32", "33")
def colour(
    evidence: Evidence,
    same_person: SamePerson | None,
    justified: Justified = Justified.NOT_ASSESSED,
    *,
    automatic: bool,
) -> Colouring:
    """The colour of a link from its evidence and both answers; ``same_person`` is ``None`` before a judgement.

    ``automatic``: a machine asks. A machine has no answers to give, and gets yellow or nothing.
    Raises ``NoRuleMatched`` where no row answers: for a machine, where the two records share
    nothing that makes a link; for an officer, where what they call unjustified is not there
    (the same identity data throughout, or nothing shared at all), and for a justification
    without a conclusion.
    """
    if automatic and (same_person is not None or justified is not Justified.NOT_ASSESSED):
        raise NoRuleMatched("the colour of a link", "a judgement by a machine")
    for row in ROWS:
        if row.covers(evidence, same_person, justified):
            return Colouring(row.colour, row.rule_id, row.article, row.own_rule, row.status)
    answer = same_person or "not judged"
    raise NoRuleMatched("the colour of a link", f"{evidence}; same person: {answer}; justified: {justified}")
