"""Do the journeys through the whole platform arrive?"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from servanda.configuration import Configuration, Secrets
from servanda.gate.platform import Platform
from servanda.gate.working_tree import telling_changes
from servanda.testing import run_tests
from servanda.verdict import Outcome, Reason, ReasonKind, StageResult


class EndToEnd:
    """Runs the journeys against the platform that the providers were verified on."""

    name = "end-to-end"

    def __init__(self, configuration: Configuration, environ: Mapping[str, str], platform: Platform) -> None:
        self._configuration = configuration
        self._environ = environ
        self._platform = platform

    def prepare(self) -> None:
        """Begin to start the platform."""
        if self._configuration.end_to_end.command:
            self._platform.begin()

    async def examine(self) -> StageResult:
        """Broken by a failing journey.

        Raises:
            LimitError: The journeys did not end in time.
            ConfigurationError: The command cannot be run, or a placeholder has no value.
            InfrastructureError: A store did not start.
            SupervisionError: A service did not start.
        """
        journeys = self._configuration.end_to_end
        if not journeys.command:
            nothing = Reason(ReasonKind.CHECKS_NOTHING, "no end-to-end command is configured")
            return StageResult(self.name, Outcome.SKIPPED, reasons=(nothing,))
        self._platform.begin()
        platform = await self._platform.running()
        secrets = Secrets(self._configuration.root, self._environ)
        environment = platform.fill(journeys.environment, "end-to-end.environment", secrets)
        command = platform.placeholders.fill_all(journeys.command, "end-to-end.command")

        async def run() -> StageResult:
            variables, root = {**self._environ, **environment}, self._configuration.root
            tests = await run_tests(command, variables, root, self._configuration.limits)
            return StageResult(self.name, tests.outcome, reasons=tests.reasons)

        return await telling_changes(self._configuration, shlex.join(command), run)
