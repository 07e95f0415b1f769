"""Make ``.venv``, the assets and the translations of this checkout. Standard library only.

Packages come from the registries that the machine is set up for, and only with the hashes in
requirements.lock. What is already there, made from the same locks, is left alone.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "made-from"
INPUTS = ("requirements.lock", "pyproject.toml", "scripts/environment.py")


def main() -> int:
    with (ROOT / ".environment.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if not STAMP.exists() or STAMP.read_text() != fingerprint():
                make_environment()
            run(PYTHON, "-m", "compileall", "-q", ROOT / "src", quiet=True)  # a node starts in half the time
            run(PYTHON, "-m", "stonebridge.ui.build", quiet=True)
            run(PYTHON, "-m", "stonebridge.site.translations", quiet=True)
        except subprocess.CalledProcessError as error:
            print(f"This step failed: {' '.join(map(str, error.cmd))}\n{error.stdout or ''}", file=sys.stderr)
            return error.returncode
    return 0


def fingerprint() -> str:
    """Of the locks, of the place (an environment cannot be moved) and of the Python that made it."""
    digest = hashlib.sha256(f"{ROOT} {sys.version}".encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    print("Making the environment in .venv: a minute or two, once ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        run(uv, "venv", "--quiet", "--python", sys.executable, VENV)
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    else:
        run(sys.executable, "-m", "venv", VENV)
        install = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    run(*install, "--require-hashes", "-r", ROOT / "requirements.lock")
    run(*install, "--no-deps", "--no-build-isolation", "-e", ROOT)
    STAMP.write_text(fingerprint())


def run(*command: str | Path, quiet: bool = False) -> None:
    """Run a step; with ``quiet`` what it says is shown only when it fails."""
    subprocess.run(
        command,
        cwd=ROOT,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        env=os.environ | {"PYTHONUTF8": "1"},
    )


if __name__ == "__main__":
    raise SystemExit(main())
