"""The whole platform as processes, for tests that are not asynchronous themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from anyio.from_thread import start_blocking_portal

from treaty.configuration import find, load
from treaty.infra import Namespace
from treaty.supervision import Plan, Running, start

ROOT = Path(__file__).resolve().parents[2]
UNCHANGED: Mapping[str, Mapping[str, str]] = {}


@contextmanager
def running_platform(
    namespace: Namespace,
    folder: Path,
    *,
    overrides: Mapping[str, Mapping[str, str]] = UNCHANGED,
    only: tuple[str, ...] = (),
) -> Iterator[Running]:
    """Every service of ``treaty.toml``, ready, with its state in the namespace; drained at the end.

    Args:
        namespace: Where the services keep what they write.
        folder: Where the logs go.
        overrides: Environment by service that wins over the configured one.
        only: The services to start, with what they depend on; all of them if empty.
    """
    plan = Plan(
        configuration=load(find(ROOT)),
        stores=namespace.endpoints.placeholders(),
        folder=folder,
        environ=os.environ,
        only=only,
        namespace=namespace.name,
        overrides=overrides,
    )
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(start(plan)) as running:
        yield running
