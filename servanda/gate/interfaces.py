"""The interfaces of a repository, and what a change of them breaks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import Configuration
from servanda.interfaces.kind import Context, Kind
from servanda.interfaces.sql.kind import Sql
from servanda.patterns import within
from servanda.processes import bounded_memory
from servanda.verdict import StageResult


def compared_kinds() -> tuple[Kind, ...]:
    """Return the kinds that are compared by their text: migrations have a stage of their own, which proves them."""
    return tuple(kind for kind in kinds() if not isinstance(kind, Sql))


def examine(configuration: Configuration, cache: Path, against: str | None = None) -> StageResult:
    """Find everything; paths are those from the root.

    Args:
        configuration: Names the interfaces.
        cache: Folder of what is kept between runs.
        against: The base that is compared with; if left out, where the branch began and the newest release.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
        ContractError: A contract cannot be read, or names what does not exist.
        InterfaceError: The interfaces or their base cannot be read.
    """
    limits = configuration.limits
    context = Context(configuration.root, cache, dt.datetime.now(tz=dt.UTC).date(), configuration, limits=limits)
    with within(limits.patterns), bounded_memory("the interfaces", limits.memory_bytes):
        examined = check(None, against, context, compared_kinds())
    return examined.stage
