"""The whole platform as processes, for tests that are not asynchronous themselves."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio.from_thread import BlockingPortal, start_blocking_portal

from servanda.configuration import find, load
from servanda.infra import Namespace
from servanda.supervision import Instance, Plan, Running, Source, configured, start

ROOT = Path(__file__).resolve().parents[2]
NO_COPIES: Mapping[str, int] = {}
UNCHANGED: Mapping[str, Mapping[str, str]] = {}
OPEN = {"GATEWAY_CONFIGURATION": str(ROOT / "tests" / "integration" / "open_gateway.toml")}
"""Environment of a gateway that asks nobody who it is."""
ASKING = {"GATEWAY_CONFIGURATION": str(ROOT / "services" / "gateway" / "platform.toml")}
"""Environment of a gateway that asks everybody who it is."""


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

    @contextmanager
    def frozen(self, service: str) -> Iterator[None]:
        """Stop a service's process where it is, as a host does that hangs, and let it go on at the end."""
        guard = self.running.service(service).pid
        children = Path(f"/proc/{guard}/task/{guard}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGSTOP)
        try:
            yield
        finally:
            for child in children:
                os.kill(int(child), signal.SIGCONT)

    def drain(self, service: str) -> None:
        """Let a service's process end in its own time, and wait for that."""
        self._portal.call(self.running.service(service).stop)

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
    copies: Mapping[str, int] = NO_COPIES,
) -> Iterator[Platform]:
    """Every service of ``servanda.toml``, ready, with its state in the namespace; drained at the end.

    Nobody has to log in, unless the environment of the gateway is ``ASKING``.

    Args:
        namespace: Where the services keep what they write.
        folder: Where the logs go.
        overrides: Environment by service that wins over the configured one.
        stores: Where the stores are, as placeholders, if not where the namespace says.
        only: The services to start, with what they depend on; all of them if empty.
        copies: How many instances of a service there are, if not one; they are called ``<service>@1`` and so on.
    """
    configuration = load(find(ROOT))
    here = Source(configuration.root)
    instances = [Instance(name, str(number), here) for name in copies for number in range(1, copies[name] + 1)]
    plan = Plan(
        configuration=configuration,
        stores=stores or namespace.endpoints.placeholders(),
        folder=folder,
        environ=os.environ,
        only=only,
        namespace=namespace.name,
        overrides={**overrides, "gateway": {**OPEN, **overrides.get("gateway", {})}},
        instances=configured(instances, configuration),
    )
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(start(plan)) as running:
        yield Platform(running, portal)
