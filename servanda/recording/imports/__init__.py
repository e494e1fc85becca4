"""Importers: what other tools know of a consumer, as usage logs; one module for each tool, with a function ``read``."""

import importlib
from types import MappingProxyType
from typing import Final

from servanda.interfaces.usage.exchange import Side
from servanda.interfaces.usage.log import UsageLog
from servanda.interfaces.usage.use import Observation
from servanda.recording.imports.imported import Imported, Wanted
from servanda.recording.usage.described import Described

IMPORTERS: Final = MappingProxyType(
    {
        "otel": frozenset({Side.CALLS}),
        # Calls and values of enums are not tracked, and neither is reflection.
        "fieldtrack": frozenset[Side](),
    }
)
"""Modules of this package, with what their files may hold completely, if somebody says that they do."""

__all__ = ["IMPORTERS", "Imported", "Wanted", "log_of", "read"]


def read(tool: str, wanted: Wanted, interfaces: Described) -> Imported:
    """Read a file of one of the :data:`IMPORTERS`.

    Raises:
        ContractError: It cannot be read, or tells nothing of the interfaces.
    """
    found: Imported = importlib.import_module(f"servanda.recording.imports.{tool}").read(wanted, interfaces)
    return found


def log_of(tool: str, imported: Imported, observation: Observation, *, complete: bool) -> UsageLog:
    """Return what was imported as a usage log.

    Args:
        tool: Which importer it was.
        imported: What it found.
        observation: Whose log it is, and since when.
        complete: Whether the file holds everything that such a file can hold.
    """
    noted = IMPORTERS[tool] if complete else frozenset[Side]()
    return UsageLog(observation, imported.reads, imported.writes, (), imported.exchanges, noted)
