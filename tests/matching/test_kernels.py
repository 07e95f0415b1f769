import json
import os
import subprocess
import sys

ASK = (
    "import json; from stonebridge.matching import kernels as k; print(json.dumps([str(k.folder()), k.is_kept('a.b')]))"
)


def folder_with(**environment: str):
    """Where a fresh process would keep machine code."""
    done = subprocess.run([sys.executable, "-c", ASK], env={**os.environ, **environment}, check=True,
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    return json.loads(done.stdout)


def test_machine_code_is_kept_where_the_operator_says(tmp_path):
    place, kept = folder_with(NUMBA_CACHE_DIR=str(tmp_path / "here"))
    assert place.startswith(str(tmp_path / "here" / "kernels-"))
    assert not kept


def test_machine_code_is_not_kept_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    assert folder_with(NUMBA_CACHE_DIR=str(tmp_path / "file")) == ["None", False]
