"""What can go wrong, and to what.

StonebridgeError
├── Refused              the gate said no; carries every reason
├── BadInput             a field holds a value that cannot be used; carries field, value, remedy
├── NotFound             nothing by that reference that this actor may know of
├── WrongState           the step does not fit the state that the thing is in
├── NoRuleMatched        the law's answer is never silent
├── Unavailable          a part of the node does not answer; carries what to do
├── UnsafeStart          the node may not start as it is; carries everything that must change
└── Tampered             stored bytes are not what was written

Every error has a ``code`` for the translation catalogue, named data, and a text
that ends with the next step.
"""

from typing import ClassVar


class StonebridgeError(Exception):
    """The root of all errors that an officer can meet."""

    code: ClassVar[str] = "error"


class BadInput(StonebridgeError):
    """A value that cannot be used. Names the field, shows the value and says the remedy."""

    code = "bad_input"

    def __init__(self, field: str, value: object, remedy: str) -> None:
        shown = repr(value)
        if len(shown) > 80:
            shown = f"{shown[:37]}...{shown[-40:]}"
        super().__init__(f"{field}: {shown} cannot be used. {remedy}")
        self.field, self.value, self.remedy = field, value, remedy


class NotFound(StonebridgeError):
    """Nothing by that reference, or nothing that this actor may know of: the two look the same."""

    code = "not_found"

    def __init__(self, kind: str, reference: object) -> None:
        super().__init__(f"no {kind} {reference} is known to you; check the reference, or search")
        self.kind, self.reference = kind, reference


class WrongState(StonebridgeError):
    """The step does not fit the state that the thing is in."""

    code = "wrong_state"

    def __init__(self, thing: str, state: str, needed: str) -> None:
        super().__init__(f"{thing} is {state}; this step needs {needed}")
        self.thing, self.state, self.needed = thing, state, needed


class NoRuleMatched(StonebridgeError):
    """No rule covers the case. An error, never a default."""

    code = "no_rule_matched"

    def __init__(self, question: str, facts: str) -> None:
        super().__init__(f"no rule answers {question} for {facts}; a supervisor must decide and record why")
        self.question, self.facts = question, facts


class Unavailable(StonebridgeError):
    """A part of the node does not answer."""

    code = "unavailable"

    def __init__(self, part: str, remedy: str) -> None:
        super().__init__(f"{part} does not answer. {remedy}")
        self.part, self.remedy = part, remedy


class UnsafeStart(StonebridgeError):
    """The node may not start as it is set up."""

    code = "unsafe_start"

    def __init__(self, remedies: list[str]) -> None:
        super().__init__("this node may not start. " + " ".join(remedies))
        self.remedies = remedies


class Tampered(StonebridgeError):
    """Stored bytes are not what was written: wrong key, moved, cut or altered."""

    code = "tampered"

    def __init__(self, thing: str, detail: str) -> None:
        super().__init__(f"{thing} is not what was written: {detail}. Keep it as it is and tell the administrator")
        self.thing, self.detail = thing, detail
