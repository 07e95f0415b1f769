"""What people hand in as files: portraits and images of fingers, read by a confined child, written anew by us.

The child answers bare pixels and nothing else. What is kept is written from these pixels in this
process, so that no byte of the upload survives: no metadata, no second format hidden in the first.

    portrait = intake.portrait(upload.read())      # Portrait: jpeg, width, height
    finger = intake.finger_image(upload.read())    # FingerImage: png, width, height, scanned_at

Both raise ``Malformed`` (a ``BadInput``: field, value, remedy) for what cannot be used, and
``Unavailable`` when no child can work. PDF is not read in this release, and says so.
"""

from stonebridge.formats.intake.finger import FingerImage, finger_image
from stonebridge.formats.intake.kinds import FINGER_KINDS, LARGEST_UPLOAD, PORTRAIT_KINDS, Kind, kind_of
from stonebridge.formats.intake.portrait import Portrait, portrait

__all__ = [
    "FINGER_KINDS",
    "LARGEST_UPLOAD",
    "PORTRAIT_KINDS",
    "FingerImage",
    "Kind",
    "Portrait",
    "finger_image",
    "kind_of",
    "portrait",
]
