"""Do the consumers still expect what was reviewed?"""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from servanda.configuration import Configuration
from servanda.gate.drift import drift
from servanda.gate.reasons import relative
from servanda.gate.tests import run_tests
from servanda.gate.usage_log_drift import usage_log_drift
from servanda.gate.working_tree import telling_changes
from servanda.interfaces.usage.sources import usage_logs_folder
from servanda.recording.targets import PACT_DIR, USAGE_DIR
from servanda.supervision import Placeholders
from servanda.verdict import Outcome, Reason, ReasonKind, StageResult


class Consumers:
    """Runs the consumers' tests, which record into a scratch folder, and compares that with what was reviewed."""

    name = "consumers"

    def __init__(self, configuration: Configuration, environ: Mapping[str, str]) -> None:
        self._configuration = configuration
        self._environ = environ

    def prepare(self) -> None:
        """Nothing can begin before its turn."""

    async def examine(self) -> StageResult:
        """Broken by a failing test, and by a contract or usage log that was not reviewed as it is recorded now.

        Raises:
            LimitError: The command that records did not end in time.
            ConfigurationError: The command that records cannot be run.
            ContractError: A contract cannot be read.
        """
        contracts = self._configuration.contracts
        if not contracts.record:
            return StageResult(self.name, Outcome.SKIPPED, reasons=(_nothing("no 'record' command is configured"),))
        values = Placeholders({"python": sys.executable})
        command = values.fill_all(contracts.record, "contracts.record")
        return await telling_changes(self._configuration, shlex.join(command), lambda: self._record(command))

    async def _record(self, command: tuple[str, ...]) -> StageResult:
        with (
            tempfile.TemporaryDirectory(prefix="servanda-recorded-") as pacts,
            tempfile.TemporaryDirectory(prefix="servanda-observed-") as usage,
        ):
            folders = {PACT_DIR: pacts, USAGE_DIR: usage}
            environment = {**self._environ, **folders, "PACT_DO_NOT_TRACK": "true"}
            root, limits = self._configuration.root, self._configuration.limits
            tests = await run_tests(command, environment, root, limits)
            if tests.outcome is not Outcome.HELD:
                return StageResult(self.name, tests.outcome, reasons=tests.reasons)
            return self._compare(Path(pacts), Path(usage), shlex.join(command))

    def _compare(self, recorded: Path, usage: Path, command: str) -> StageResult:
        if not any(recorded.glob("*.json")):
            return StageResult(self.name, Outcome.UNKNOWN, reasons=(_nothing(f"'{command}' recorded no contract"),))
        differences = (
            *drift(self._configuration.contracts.pacts, recorded),
            *usage_log_drift(usage_logs_folder(self._configuration), usage),
        )
        found = [relative(reason, self._configuration.root) for reason in differences]
        if not found:
            return StageResult(self.name, Outcome.HELD)
        # Said once, after the last difference: the way to accept them is the same for all.
        accept = f"hint: review the changes, then accept them: {command}"
        prune = "(--pact-prune also removes interactions that no test records)"
        found[-1] = replace(found[-1], message=f"{found[-1].message}\n{accept} {prune}")
        return StageResult(self.name, Outcome.BROKEN, reasons=tuple(found))


def _nothing(message: str) -> Reason:
    return Reason(ReasonKind.CHECKS_NOTHING, message)
