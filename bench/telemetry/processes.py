"""A gateway and an identity beside others, and the processor time that each has taken."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

from servanda.infra import Namespace
from servanda.processes import free_ports

ROOT = Path(__file__).parents[2]
PASSWORD = "bench"  # noqa: S105 - of a database that lives as long as the run


@dataclass(frozen=True, slots=True)
class Pair:
    """A gateway and the identity behind it.

    Attributes:
        url: Where the gateway answers.
        processes: Their process identifiers, by the name of the service.
    """

    url: str
    processes: Mapping[str, int]

    def spent(self) -> dict[str, int]:
        """Return the nanoseconds that each has had a processor, with all its threads."""
        return {name: _nanoseconds(process) for name, process in self.processes.items()}


@contextmanager
def pair(namespace: Namespace, environ: Mapping[str, str]) -> Iterator[Pair]:
    """Run both on a namespace of their own, with more in their environment."""
    stores, (grpc, http, gateway) = namespace.endpoints, free_ports(3)
    postgres = stores.postgres
    own = {
        **os.environ,
        "NAMESPACE": namespace.name,
        "REDIS_URL": stores.redis.url,
        "KAFKA_BOOTSTRAP_SERVERS": stores.kafka.bootstrap,
        "PAGE_TOKEN_SECRET": "bench",
        "INTERNAL_TOKENS": "off",
        "GATEWAY_CONFIGURATION": str(ROOT / "tests" / "integration" / "open_gateway.toml"),
        "POSTGRES_ADMIN_DSN": postgres.dsn,
        "POSTGRES_RW_PASSWORD": PASSWORD,
        "POSTGRES_DSN": f"postgresql://identity_rw:{PASSWORD}@{postgres.host}:{postgres.port}/{postgres.database}",
        **environ,
    }
    subprocess.run(_command("identity", "migrate"), env=own, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    ports = {"identity": {"GRPC_PORT": str(grpc), "HTTP_PORT": str(http)}, "gateway": {"HTTP_PORT": str(gateway)}}
    running = {
        name: subprocess.Popen(_command(name), env={**own, **ports[name]}, cwd=ROOT, stdout=subprocess.DEVNULL)
        for name in ports
    }
    try:
        for port in (http, gateway):
            _until_ready(f"http://127.0.0.1:{port}/readyz")
        yield Pair(f"http://127.0.0.1:{gateway}", {name: process.pid for name, process in running.items()})
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait()


@contextmanager
def collector() -> Iterator[str]:
    """Take spans meanwhile and forget them; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _command(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"services.{name}", *arguments]


def _nanoseconds(process: int) -> int:
    # https://docs.kernel.org/scheduler/sched-stats.html: the first number is time on a processor. Ticks are too coarse.
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


def _until_ready(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url):  # noqa: S310 - an address of ours
                return
        except OSError:
            sleep(0.1)
    raise TimeoutError(f"{url} is not ready after a minute")
