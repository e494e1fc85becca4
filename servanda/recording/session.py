"""One process of a run of consumers' tests: the contracts and the usage logs that it records."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from servanda.cache import cache_folder
from servanda.configuration import Configuration, find, load
from servanda.interfaces.usage.log import Noted
from servanda.recording.targets import pact_folder
from servanda.verdict import Transport

if TYPE_CHECKING:
    from servanda.recording.pacts.recorder import PactRecorder
    from servanda.recording.usage.recorder import Observe, UsageRecorder

PlainNoted: TypeAlias = Sequence[tuple[str, str, str, bool]]
PlainUsage: TypeAlias = Mapping[str, tuple[PlainNoted, PlainNoted | None]]
"""What one process noted, by consumer, in values that travel between processes: what is read and what is sent."""


class RecordingSession:
    """Recordings of one test process. Each part is imported and prepared when a test asks for it.

    Args:
        start: Folder from which the configuration is looked for.
        scratch: Folder that the processes of one run share; made when a contract is begun.
    """

    def __init__(self, start: Path, scratch: Path) -> None:
        self._start = start
        self._scratch = scratch
        self._usage: dict[str, UsageRecorder] = {}
        self._pacts: PactRecorder | None = None

    @cached_property
    def configuration(self) -> Configuration:
        """Return the configuration of the repository.

        Raises:
            ConfigurationError: There is none, or it is malformed.
        """
        return load(find(self._start))

    @property
    def pacts(self) -> PactRecorder:
        """Return the recorder of contracts.

        Raises:
            ConfigurationError: There is no configuration, or it is malformed.
        """
        if self._pacts is None:
            from servanda.recording.pacts.installation import forbid_tracking  # noqa: PLC0415 - before the library

            forbid_tracking()
            from servanda.recording.pacts.recorder import PactRecorder  # noqa: PLC0415 - imports the Pact library

            configuration = self.configuration
            self._scratch.mkdir(mode=0o700, exist_ok=True)
            self._pacts = PactRecorder(configuration, self._scratch, cache_folder(os.environ))
        return self._pacts

    def observe(self, consumer: str, test: str) -> Observe:
        """Return what wraps the messages of a consumer in a test, so that it is noted what is read of them."""
        return self._recorder(consumer).in_test(test)

    def _recorder(self, consumer: str) -> UsageRecorder:
        from servanda.recording.usage.logs import InterfaceAtHand  # noqa: PLC0415 - compiles interfaces
        from servanda.recording.usage.recorder import UsageRecorder  # noqa: PLC0415 - imports gRPC

        if consumer not in self._usage:
            self._usage[consumer] = UsageRecorder(consumer, InterfaceAtHand(lambda: self.configuration))
        return self._usage[consumer]

    def plain_usage(self) -> PlainUsage:
        """Return what was noted, as values that travel to another process."""
        return {
            name: (_plain(recorder.reads), None if recorder.writes is None else _plain(recorder.writes))
            for name, recorder in self._usage.items()
        }

    def take_over(self, usage: PlainUsage) -> None:
        """Add what another process of the run noted."""
        for consumer, (reads, writes) in usage.items():
            recorder = self._recorder(consumer)
            recorder.reads.update(_noted(reads))
            if writes is not None:
                recorder.writes = (recorder.writes or set()) | _noted(writes)

    @property
    def noted_usage(self) -> bool:
        """Tell whether any test observed a consumer."""
        return bool(self._usage)

    def close(self) -> None:
        """Let the plugin process end."""
        if self._pacts is not None:
            self._pacts.close()

    def write_contracts(self, *, prune: bool) -> list[str]:
        """Merge what all processes of the run recorded into the contracts.

        Returns:
            What became of each file.

        Raises:
            ConfigurationError: There is no configuration, or it is malformed.
            ContractError: A document that was there before cannot be read.
            RecordingError: Two tests recorded different interactions under one description, or they do not fit into a
                document that was there before.
        """
        from servanda.recording.pacts.merging import merge  # noqa: PLC0415 - only a run that recorded needs it

        merged = merge(
            self._scratch, pact_folder(self.configuration), names=self.configuration.pacticipants, prune=prune
        )
        return [
            f"{entry.path}: {entry.interactions} interaction{'s' * (entry.interactions != 1)}"
            f"{', changed' if entry.changed else ''}"
            for entry in merged
        ]

    def write_usage_logs(self, *, refresh: bool) -> list[str]:
        """Write a usage log for each observed consumer.

        Returns:
            What became of each file.

        Raises:
            ConfigurationError: There is no configuration, or a file cannot be written.
            ContractError: The file of a consumer is no usage log.
        """
        from servanda.recording.usage.logs import write  # noqa: PLC0415 - only a run that observed needs it

        return write(self.configuration, self._usage.values(), refresh=refresh)


def _plain(noted: Iterable[Noted]) -> PlainNoted:
    return [(each.element, str(each.transport), each.test, each.placed) for each in sorted(noted)]


def _noted(plain: PlainNoted) -> set[Noted]:
    return {Noted(element, Transport(transport), test, placed=placed) for element, transport, test, placed in plain}
