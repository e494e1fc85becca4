"""Does every provider do what its consumers expect?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from servanda.configuration import Configuration
from servanda.gate.platform import Platform
from servanda.gate.reasons import told_from
from servanda.pact import PactFile
from servanda.supervision import Running
from servanda.verdict import InteractionResult, StageResult, combine
from servanda.verification import load_contracts

Verify = Callable[[Sequence[PactFile], Running, Configuration], Awaitable[tuple[InteractionResult, ...]]]


class Providers:
    """Replays every interaction of every contract against the real provider."""

    name = "providers"

    def __init__(self, configuration: Configuration, platform: Platform, verify: Verify) -> None:
        self._configuration = configuration
        self._platform = platform
        self._verify = verify

    def prepare(self) -> None:
        """Begin to start the platform."""
        self._platform.begin()

    async def examine(self) -> StageResult:
        """Broken by one broken interaction.

        Raises:
            ContractError: There is no contract.
            InfrastructureError: A store did not start.
            SupervisionError: A service did not start.
        """
        found = load_contracts(self._configuration)
        self._platform.begin()
        running = await self._platform.running()
        results = await self._verify(found.files, running, self._configuration)
        told = tuple(told_from(result, self._configuration.root) for result in (*found.unreadable, *results))
        return StageResult(self.name, combine(result.outcome for result in told), results=told)
