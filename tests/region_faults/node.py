"""The ``stonebridge`` command as the fault run starts it: as it is, with short pauses, and broken where it is told to.

``FAULTY_NODE`` names the variant. Beside the commands of a node there are ``join`` (the other node, a partner already,
is reached at another address and may ask much), ``let-in`` (a partner of the tests joins) and ``desk`` (officers who ask, answer and decide, until they are told to stop).
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

VARIANT = "FAULTY_NODE"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stonebridge.site.settings")
    set_up = django.setup

    def set_up_and_install() -> None:
        django.setup = set_up
        set_up()
        install(os.environ.get(VARIANT, ""))

    django.setup = set_up_and_install
    if sys.argv[1:2] in (["desk"], ["join"], ["let-in"]):
        django.setup()
        from region_faults import desk

        return {"desk": desk.work, "join": desk.join, "let-in": desk.let_in}[sys.argv[1]](*sys.argv[2:])
    from stonebridge.site.command import main as stonebridge

    return stonebridge()


def install(variant: str) -> None:
    """Let the run see many tries in little time, know the notes, and be broken."""
    from region_faults import notes
    from region_faults.variants import VARIANTS
    from stonebridge.exchange import asking, outbox, profiles, receiving
    from stonebridge.exchange.transports import https

    profiles.register(*profiles.profiles().values(), notes.NOTE)
    https.TIMEOUT, receiving.BEAT = 1.0, 0.02
    outbox.FIRST_PAUSE, outbox.LONGEST_PAUSE = timedelta(seconds=0.05), timedelta(seconds=1)
    asking.QUESTIONS_AN_HOUR = 10**6
    if variant:
        VARIANTS[variant](setattr)


def command(folder: Path) -> str:
    """A program in this folder that runs ``main``, for whoever starts processes of the node."""
    program = folder / "stonebridge"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from region_faults.node import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    return str(program)
