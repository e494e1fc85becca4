"""Consumers of the elements of all interfaces, for the report of a gate."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from servanda.checking.check import oldest_evidence
from servanda.configuration import Configuration
from servanda.errors import ServandaError
from servanda.impact.inventories import consumers_of, inventories
from servanda.interfaces.usage.sources import Sources
from servanda.patterns import within
from servanda.processes import bounded_memory
from servanda.report import usage_table
from servanda.verdict import InterfaceUse


def interface_uses(configuration: Configuration, cache: Path) -> tuple[InterfaceUse, ...]:
    """Return what contracts and usage logs tell; nothing if that cannot be read, which the stages say."""
    limits, today = configuration.limits, dt.datetime.now(tz=dt.UTC).date()
    try:
        with within(limits.patterns), bounded_memory("who uses what", limits.memory_bytes):
            sources = Sources(configuration)
            found = inventories(sources, cache, oldest_evidence(configuration, today))
            parts = [usage_table.Part(each, consumers_of(each, sources)) for each in found]
    except ServandaError:
        return ()
    return usage_table.interface_uses(usage_table.table(parts))
