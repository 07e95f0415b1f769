"""The command itself: what ends it, and how."""

import subprocess
import sys
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("stonebridge"))


def test_a_reader_who_has_enough_ends_the_command_without_a_word():
    running = subprocess.Popen([COMMAND, "process", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout
    assert running.stderr
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert (running.wait(timeout=60), said) == (141, b"")
