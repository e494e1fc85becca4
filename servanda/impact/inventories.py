"""All interfaces of a repository, with what is known of their use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from servanda.impact.consumers import consumers
from servanda.interfaces.openapi.kind import OpenApi
from servanda.interfaces.openapi.usage.inventory import inventories as documents
from servanda.interfaces.protobuf.usage.inventory import inventory
from servanda.interfaces.usage.inventory import Inventory
from servanda.interfaces.usage.sources import Sources
from servanda.verdict import Consumer


def inventories(sources: Sources, cache: Path, oldest: dt.date | None) -> Iterator[Inventory]:
    """Yield the protobuf interface, and every OpenAPI document that is configured.

    Args:
        sources: The contracts and usage logs.
        cache: Where compiled interfaces are kept.
        oldest: The first day of which a usage log counts; ``None`` if every day does.

    Raises:
        InterfaceError: There is no interface, or one cannot be read.
    """
    configuration = sources.configuration
    paths = OpenApi().configured(configuration)
    if configuration.interfaces.root.exists() or not paths:
        yield inventory(sources, cache).aged(oldest)
    yield from (each.aged(oldest) for each in documents(sources, paths))


def consumers_of(found: Inventory, sources: Sources) -> tuple[Consumer, ...]:
    """Return everybody who may use an interface."""
    return consumers(sources.configuration, found.usage, sources.providers)
