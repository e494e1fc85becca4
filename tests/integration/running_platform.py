"""The whole platform as processes, for tests that are not asynchronous themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio.from_thread import BlockingPortal, start_blocking_portal

from servanda.configuration import find, load
from servanda.infra import Namespace
from servanda.supervision import Plan, Running, start

ROOT = Path(__file__).resolve().parents[2]
UNCHANGED: Mapping[str, Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Platform:
    """The running services, and what a test does to them."""

    running: Running
    _portal: BlockingPortal

    @property
    def gateway_url(self) -> str:
        """Where outside traffic enters."""
        return f"http://{self.running.address('gateway', 'http')}"

    def kill(self, service: str) -> None:
        """End a service's process with SIGKILL."""
        self._portal.call(self.running.service(service).kill)

    def restart(self, service: str) -> None:
        """Start it again on the same ports, and return as soon as it is ready."""
        self._portal.call(self.running.service(service).restart)


@contextmanager
def running_platform(
    namespace: Namespace,
    folder: Path,
    *,
    overrides: Mapping[str, Mapping[str, str]] = UNCHANGED,
    stores: Mapping[str, str] | None = None,
    only: tuple[str, ...] = (),
) -> Iterator[Platform]:
    """Every service of ``servanda.toml``, ready, with its state in the namespace; drained at the end.

    Args:
        namespace: Where the services keep what they write.
        folder: Where the logs go.
        overrides: Environment by service that wins over the configured one.
        stores: Where the stores are, as placeholders, if not where the namespace says.
        only: The services to start, with what they depend on; all of them if empty.
    """
    plan = Plan(
        configuration=load(find(ROOT)),
        stores=stores or namespace.endpoints.placeholders(),
        folder=folder,
        environ=os.environ,
        only=only,
        namespace=namespace.name,
        overrides=overrides,
    )
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(start(plan)) as running:
        yield Platform(running, portal)
