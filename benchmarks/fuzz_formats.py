"""``scripts/bench fuzz_formats [COUNT] [SEED] [PART OF A NAME]``: mutated files, COUNT for each reader.

Minutiae records in each layout that is read, and ANSI/NIST files. Each must be read and written back byte for byte, or
refused as ``Malformed``; anything else ends the run and shows the input. Every hundredth record that is read is also
compared, as a matcher would. Each slice of 100,000 has its own seed, made from SEED and its number. Times are CPU seconds.
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from stonebridge.formats import iso19794
from stonebridge.formats.malformed import Malformed
from stonebridge.formats.nist_itl import Encoding, compose, finger_image, read, tagged, write
from stonebridge.matching.fingerprint import synthesis
from stonebridge.matching.fingerprint.comparison import compare
from stonebridge.matching.fingerprint.template import Template

POINTS = tuple(iso19794.Point(*point) for point in synthesis.impression(synthesis.finger(1), 1).points)
WHOLE = Template.of(POINTS)
MINUTIAE = 12  # few, so that mutations hit the heads often
SLICE = 100_000
EDGES = (0, 1, 0x1C, 0x1D, 0x1E, 0x1F, 0x3A, 0x7F, 0x80, 0xFF)


def main() -> int:
    count, seed = (int(value) for value in (sys.argv[1:3] + ["100000", "1"][len(sys.argv[1:3]) :]))
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    readers = [(layout.value, iso19794.write(minutiae(layout)), minutiae_record) for layout in iso19794.Layout]
    for name, sample, handle in (*readers, ("ansi/nist-itl", nist_file(), nist)):
        if only not in name:
            continue
        began, read_whole = time.process_time(), 0
        for start in range(0, count, SLICE):
            chance = random.Random(f"{seed} {start // SLICE}")
            for number in range(start, min(start + SLICE, count)):
                read_whole += outcome(handle, mutated(sample, chance), number)
            spent = time.process_time() - began
            print(f"{name}: {min(start + SLICE, count):,} mutated, {read_whole:,} read whole, the rest refused; "
                  f"{spent:.0f} s", flush=True)  # fmt: skip
    return 0


def outcome(handle: Callable[[bytes, int], None], data: bytes, number: int) -> bool:
    try:
        handle(data, number)
    except Malformed:
        return False
    except Exception as error:
        error.add_note(f"input {number}: {data.hex()}")
        raise
    return True


def minutiae_record(data: bytes, number: int) -> None:
    record = iso19794.read(data)
    if iso19794.write(record) != data:
        raise AssertionError("written back otherwise")
    if number % 100 == 0:
        for view in record.views:
            compare(WHOLE, Template.of(record.points(view)))


def minutiae(layout: iso19794.Layout) -> iso19794.Record:
    """A record of two views in the layout."""
    plain = iso19794.template(POINTS[:MINUTIAE], width=352, height=448)
    extra = {"x_density": 197, "y_density": 197, "width": 352, "height": 448, "captured": b"\x07\xea" + bytes(7),
             "minutia_form": 0x60, "qualities": b"\x50\x01\x02\x03\x04", "certificates": b""}  # fmt: skip
    views = tuple(replace(view, fields={**view.fields, **extra}, extended=b"\0\1\0\6ab") for view in plain.views * 2)
    return replace(plain, layout=layout, views=views)


def nist(data: bytes, number: int) -> None:
    if write(read(data)) != data:
        raise AssertionError("written back otherwise")


def nist_file() -> bytes:
    trap = b"\xff\x1c14.999:\x1d\x1c999:\x00"  # an image that holds every separator and a false label
    head = {4: "CPS", 5: "20261124", 7: "RS/MUP", 8: "MK/MVR", 9: "2600000001X", 11: "19.69", 12: "19.69"}
    named = tagged(2, 0, {3: "0422", 30: "Ђорђевић"}, encoding=Encoding.UTF_8)
    finger = finger_image(1, trap, width=500, height=500, fingers=(2,))
    return write(compose(head, [named, finger, tagged(14, 2, {3: "0", 13: ["2"]}, image=trap)]))


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(changed) + 1)
        match chance.choice((0, 0, 0, 1, 2, 3)):
            case 0 if at < len(changed):
                changed[at] = chance.choice((chance.randrange(256), *EDGES))
            case 1:
                changed[at:at] = chance.randbytes(chance.randrange(1, 5))
            case 2:
                del changed[at : at + chance.randrange(1, 9)]
            case _:
                changed[at : at + 4] = data[: chance.randrange(5)]
    return bytes(changed)


if __name__ == "__main__":
    raise SystemExit(main())
