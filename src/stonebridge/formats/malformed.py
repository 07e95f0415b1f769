"""What a reader of a public format raises when bytes do not follow the format."""

from typing import ClassVar

from stonebridge.domain.errors import BadInput


class Malformed(BadInput):
    """Bytes that do not follow their format. Names the record and the field in which reading stopped.

    It is the only error that readers and writers of ``stonebridge.formats`` raise
    for what they are given.
    """

    code: ClassVar[str] = "malformed"

    def __init__(self, record: str, place: str, value: object, remedy: str) -> None:
        super().__init__(f"{record}, {place}", value, remedy)
        self.record, self.place = record, place
