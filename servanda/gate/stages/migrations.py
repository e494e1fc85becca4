"""Stage: migrations against the statements of live versions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from servanda.checking.check import MIGRATIONS
from servanda.configuration import Configuration
from servanda.verdict import StageResult

Examine = Callable[[Configuration], Awaitable[StageResult]]


class Migrations:
    """Runs what live versions run before and after the migrations in review; starts PostgreSQL if there are some."""

    name = MIGRATIONS

    def __init__(self, configuration: Configuration, examine: Examine) -> None:
        self._configuration = configuration
        self._examine = examine

    def prepare(self) -> None:
        """Nothing can begin before its turn."""

    async def examine(self) -> StageResult:
        """Examine the migrations of all services.

        Raises:
            ContractError: A document of statements cannot be read.
            InfrastructureError: PostgreSQL could not be had, or is gone.
            InterfaceError: A migration cannot be read, parsed or applied.
            LimitError: The code of migrations did not end in time.
        """
        return await self._examine(self._configuration)
