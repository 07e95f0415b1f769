"""Where vectors and measured templates lie that are never committed to the product."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("REFERENCE_DATA", Path(__file__).resolve().parents[2] / "shared"))


def reference(relative: str) -> Path:
    """The path of a reference file or folder; skips the test, saying where it was sought, if it is absent."""
    path = FOLDER / relative
    if not path.exists():
        pytest.skip(f"{path} is absent; REFERENCE_DATA names the folder that holds the reference data")
    return path
