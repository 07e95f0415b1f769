"""A gallery opened as the matcher opens it, and who is found in it."""

from pathlib import Path

from matching.matched_people import KEY, SHOWN, with_document, with_same_document
from stonebridge.identification.matcher.process import biographic
from stonebridge.matching.gallery import Gallery


def opened(folder: Path, key: bytes = KEY) -> Gallery:
    return Gallery(folder, key, biographic(folder))


def found(gallery: Gallery, text: str, visible: int = SHOWN) -> list[int]:
    """Who has exactly this document."""
    return with_same_document(gallery.search(with_document(text), visible, 5, 5.0).hits)
