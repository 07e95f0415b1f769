"""Commands that need a node's settings: its processes, its tables, its self-check."""

import argparse
import signal
import threading
from importlib import import_module

from gunicorn.app.base import BaseApplication

from stonebridge.domain.errors import BadInput
from stonebridge.site import migrate, selfcheck
from stonebridge.site.preparation import Commands

# What each process runs: a function that returns soon after the event is set.
PROCESSES = {
    "worker": ("stonebridge.site.worker", "send, remind, number the access log, forget what is due"),
    "matcher": ("stonebridge.identification.matcher.node", "hold the gallery and answer searches"),
}


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """``migrate``, ``serve``, ``worker``, ``matcher``, ``check``, ``manage``."""
    parser = commands.add_parser("migrate", help="bring the database to the shape of this version, and grant anew")
    parser.set_defaults(run=_migrate)

    parser = commands.add_parser("serve", help="serve the screens over HTTP")
    parser.add_argument("--address", default="127.0.0.1:8000", help="host:port or unix:/path (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes (%(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="threads in each process (%(default)s)")
    parser.set_defaults(run=_serve)

    for name, (module, purpose) in PROCESSES.items():
        parser = commands.add_parser(name, help=purpose)
        parser.set_defaults(run=_run_process, module=module)

    parser = commands.add_parser("check", help="ask whether this node may start, and say what to change")
    parser.set_defaults(run=_check)

    parser = commands.add_parser("manage", help="a management command of Django, for developers", add_help=False)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(run=_manage)


class _Server(BaseApplication):  # type: ignore[misc]  # misc: gunicorn has no types
    """gunicorn with our options instead of its own command line."""

    def __init__(self, options: dict[str, object]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return import_module("stonebridge.site.wsgi").application


def _serve(arguments: argparse.Namespace) -> None:
    selfcheck.require()
    _Server(
        {
            "bind": arguments.address,
            "worker_class": "gthread",
            "workers": arguments.workers,
            "threads": arguments.threads,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 5,
            "proc_name": "stonebridge-serve",
            "control_socket_disable": True,
            "limit_request_line": 4094,
            "loglevel": "warning",
        }
    ).run()


def _run_process(arguments: argparse.Namespace) -> None:
    selfcheck.require()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    import_module(arguments.module).run(stop)


def _migrate(_: argparse.Namespace) -> None:
    migrate.migrate(verbosity=1)


def _check(_: argparse.Namespace) -> int:
    failed = 0
    for check, remedy in selfcheck.results():
        print(f"{'no ' if remedy else 'yes'}  {check}")
        if remedy:
            failed += 1
            print(f"     {remedy}")
    print("This node may start." if not failed else f"This node refuses to start: {failed} to change.")
    return 1 if failed else 0


def _manage(arguments: argparse.Namespace) -> None:
    from django.core.management import execute_from_command_line

    if not arguments.arguments:
        raise BadInput("manage", "", "Name a management command, for example: stonebridge manage makemigrations.")
    execute_from_command_line(["stonebridge manage", *arguments.arguments])
