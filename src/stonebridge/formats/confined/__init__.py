"""Work on what strangers hand in, done by a child process that can do nothing else.

``run`` starts a child, which imports the worker, locks itself in (``lock``) and only then reads
the first byte. The child holds no secret, no database, no network, no file and no right to start
anything; what it answers is plain data that the caller checks before use.
"""

from stonebridge.formats.confined.limits import Limits
from stonebridge.formats.confined.running import Answer, run

__all__ = ["Answer", "Limits", "run"]
