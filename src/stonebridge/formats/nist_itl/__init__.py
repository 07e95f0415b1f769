"""ANSI/NIST-ITL 1-2011 files in the traditional encoding: what police and asylum systems send fingerprints in.

``read`` and ``write`` are inverse byte for byte; ``compose`` and ``tagged`` make new
files; ``profile.check`` says where a file departs from a named profile.
"""

from stonebridge.formats.nist_itl.composing import compose, finger_image, tagged
from stonebridge.formats.nist_itl.reading import read, write
from stonebridge.formats.nist_itl.records import BinaryRecord, Encoding, Field, TaggedRecord, Transaction

__all__ = [
    "BinaryRecord",
    "Encoding",
    "Field",
    "TaggedRecord",
    "Transaction",
    "compose",
    "finger_image",
    "read",
    "tagged",
    "write",
]
