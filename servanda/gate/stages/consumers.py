"""Do the consumers still expect what was reviewed?"""

from __future__ import annotations

import difflib
import shlex
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from servanda.configuration import Configuration, RecordCommand
from servanda.gate.drift import drift
from servanda.gate.reasons import relative
from servanda.gate.usage_log_drift import usage_log_drift
from servanda.gate.working_tree import telling_changes
from servanda.interfaces.usage.sources import usage_logs_folder
from servanda.pact import contract_names
from servanda.recording.targets import PACT_DIR, USAGE_DIR
from servanda.supervision import Placeholders
from servanda.testing import TestRun, run_tests
from servanda.verdict import Location, Outcome, Reason, ReasonKind, StageResult, combine

_Commands: TypeAlias = Mapping[RecordCommand, tuple[str, ...]]
"""Each command as it is configured, and with its placeholders filled."""


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
        record = self._configuration.contracts.record
        if not record:
            return StageResult(self.name, Outcome.SKIPPED, reasons=(_nothing("no 'record' command is configured"),))
        values = Placeholders({"python": sys.executable})
        commands = {each: values.fill_all(each.command, f"contracts.record{_dotted(each)}") for each in record}
        told = " and ".join(map(shlex.join, commands.values()))
        return await telling_changes(self._configuration, told, lambda: self._record(commands))

    async def _record(self, commands: _Commands) -> StageResult:
        with (
            tempfile.TemporaryDirectory(prefix="servanda-recorded-") as pacts,
            tempfile.TemporaryDirectory(prefix="servanda-observed-") as usage,
        ):
            folders = {PACT_DIR: pacts, USAGE_DIR: usage}
            environment = {**self._environ, **folders, "PACT_DO_NOT_TRACK": "true"}
            # One after the other, into one folder: whichever records a contract, there is one of it.
            runs = [await self._run(each, words, environment, Path(pacts)) for each, words in commands.items()]
            outcome = combine(run.outcome for run in runs)
            if outcome is not Outcome.HELD:
                return StageResult(self.name, outcome, reasons=tuple(reason for run in runs for reason in run.reasons))
            return self._compare(Path(pacts), Path(usage), commands)

    async def _run(
        self, record: RecordCommand, command: tuple[str, ...], environment: Mapping[str, str], pacts: Path
    ) -> TestRun:
        before = _stamps(pacts)
        run = await run_tests(command, environment, self._configuration.root, self._configuration.limits)
        if run.outcome is Outcome.HELD and _stamps(pacts) == before:
            run = TestRun(Outcome.UNKNOWN, (_nothing(f"'{shlex.join(command)}' recorded no contract"),))
        who = f"{record.name}: " if record.name else ""
        return replace(run, reasons=tuple(replace(each, message=who + each.message) for each in run.reasons))

    def _compare(self, recorded: Path, usage: Path, commands: _Commands) -> StageResult:
        contracts, root = self._configuration.contracts, self._configuration.root
        is_external = self._configuration.is_external
        contract_drift = drift(contracts.pacts, recorded, is_external)
        differences = (
            *contract_drift.reasons,
            *usage_log_drift(usage_logs_folder(self._configuration), usage, is_external),
        )
        external = tuple(relative(self._external(*each), root) for each in contract_drift.external)
        found = [relative(reason, root) for reason in differences]
        if not found:
            return StageResult(self.name, Outcome.HELD, reasons=external)
        # Said once, after the last difference: the way to accept them is the same for all.
        accept = f"hint: review the changes, then accept them: {', or '.join(map(shlex.join, commands.values()))}"
        prune = "(--pact-prune also removes interactions that no test records)"
        found[-1] = replace(found[-1], message=f"{found[-1].message}\n{accept} {prune}")
        return StageResult(self.name, Outcome.BROKEN, reasons=(*found, *external))

    def _external(self, consumer: str, contract: Path) -> Reason:
        message = f"the consumer '{consumer}' is external: no command here records its contracts"
        parties = self._configuration.pacticipants
        if consumer not in parties:
            close = difflib.get_close_matches(consumer, parties, n=1)
            message += f", and it is not in [pacticipants]{f'; the closest: {close[0]!r}' if close else ''}"
        return Reason(ReasonKind.EXTERNAL, message, evidence=Location(str(contract)))


def _stamps(folder: Path) -> frozenset[tuple[str, int]]:
    return frozenset((path.name, path.stat().st_mtime_ns) for path in contract_names(folder))


def _dotted(record: RecordCommand) -> str:
    return f".{record.name}.command" if record.name else ""


def _nothing(message: str) -> Reason:
    return Reason(ReasonKind.CHECKS_NOTHING, message)
