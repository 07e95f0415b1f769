"""Portrait and fingerprints as files, or the reason why there is none. Every file is read by a confined child."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.formats import intake, iso19794
from stonebridge.formats.malformed import Malformed
from stonebridge.registry.forms.base import RecordForm, choice_field, number_of_page
from stonebridge.registry.registration import TEMPLATE, Capture

FINGERS = {
    1: _("Right thumb"),
    2: _("Right index finger"),
    3: _("Right middle finger"),
    4: _("Right ring finger"),
    5: _("Right little finger"),
    6: _("Left thumb"),
    7: _("Left index finger"),
    8: _("Left middle finger"),
    9: _("Left ring finger"),
    10: _("Left little finger"),
}
"""Finger positions of ANSI/NIST-ITL."""
MISSING = {
    "missing": _("Finger is missing"),
    "injured": _("Injured or worn, for now"),
    "refused": _("The person refuses"),
}
LARGEST_TEMPLATE = 4096  # bytes; 255 minutiae take 1,558
NO_PORTRAIT = {"refused": _("The person refuses")}


def _portrait(data: bytes) -> tuple[bytes, str, int, int]:
    kept = intake.portrait(data)
    return kept.jpeg, kept.media, kept.width, kept.height


def _finger(data: bytes) -> tuple[bytes, str, int, int]:
    if data.startswith(iso19794.MAGIC):
        return _template(data)
    kept = intake.finger_image(data)
    return kept.png, kept.media, kept.width, kept.height


def _template(data: bytes) -> tuple[bytes, str, int, int]:
    record = iso19794.read(data)
    if len(data) > LARGEST_TEMPLATE or len(record.views) != 1 or not record.views[0].minutiae:
        raise Malformed(iso19794.RECORD, "views", len(record.views), "Give the minutiae of one finger, without more.")
    return data, TEMPLATE, *record.size(record.views[0])


class CapturesForm(RecordForm):
    """The files of a portrait and of ten fingers. What cannot be used is refused at its field."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.captures: tuple[Capture, ...] = ()
        self.fields["portrait"] = _file(_("Portrait"), "image/jpeg,image/png,image/webp")
        self.fields["portrait_missing"] = choice_field(_("No portrait"), [("", "–"), *NO_PORTRAIT.items()])
        for position, words in FINGERS.items():
            self.fields[f"finger{position}"] = _file(words, ".png,.bmp,.tif,.tiff,.jp2,.wsq,.fmr,.iso")
            self.fields[f"finger{position}_missing"] = choice_field(_("No print"), [("", "–"), *MISSING.items()])

    @property
    def finger_rows(self) -> list[tuple[Any, Any]]:
        """Each finger: its file, and why there is none."""
        return [(self[f"finger{position}"], self[f"finger{position}_missing"]) for position in FINGERS]

    @property
    def has_finger_faults(self) -> bool:
        return any(bound.errors for row in self.finger_rows for bound in row)

    def clean(self) -> dict[str, Any]:
        """Decode every file; keep what could be used in ``captures``."""
        cleaned = dict(super().clean() or {})
        taken = [
            self._capture(cleaned, "portrait", "face", 0, _portrait),
            *(self._capture(cleaned, f"finger{place}", "finger", place, _finger) for place in FINGERS),
        ]
        self.captures = tuple(capture for capture in taken if capture is not None)
        return cleaned

    def _capture(
        self, cleaned: dict[str, Any], field: str, modality: str, position: int,
        read: Callable[[bytes], tuple[bytes, str, int, int]],
    ) -> Capture | None:  # fmt: skip
        upload, missing = cleaned.get(field), cleaned.get(f"{field}_missing", "")
        if upload and missing:
            self.add_error(f"{field}_missing", _("A file is given. Leave this empty, or take the file away."))
            return None
        if missing:
            return Capture(modality, position, missing=missing)
        if not upload:
            return None
        try:
            content, media, width, height = read(upload.read())
        except BadInput as error:
            self.take(error, field)
            return None
        except Unavailable as error:
            self.add_error(field, str(error))
            return None
        return Capture(modality, position, media, content, width, height)


class AddCapturesForm(CapturesForm):
    """Further captures of a person on record; at least one."""

    submission = number_of_page()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.captures and not self.errors:
            self.add_error("portrait", _("Choose a file, or say why there is none."))
        return cleaned


def refuse_too_large(request: HttpRequest, form: CapturesForm) -> None:
    """After cleaning, say so where the files of one request are together more than the node takes; it has read none of them then."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        megabytes = settings.FILE_UPLOAD_MAX_MEMORY_SIZE >> 20
        form.add_error(
            "portrait",
            _("The files are together more than %(megabytes)s MB, and none was read. Hand them in one by one.")
            % {"megabytes": megabytes},
        )


def _file(label: Any, accept: str) -> forms.FileField:
    return forms.FileField(
        label=label, required=False, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": accept})
    )
