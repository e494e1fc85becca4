"""Recorder of contracts: where one test process writes them, and the pacts that it hands out."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pact import Pact

from servanda.configuration import Configuration
from servanda.errors import RecordingError
from servanda.recording.pacts.installation import PLUGIN, install
from servanda.recording.pacts.pact import RecordedPact
from servanda.recording.pacts.workspace import Workspace


class PactRecorder:
    """The contracts of one test process.

    Args:
        configuration: The configuration of the repository.
        scratch: Folder that the processes of one run share.
        cache: Folder of what was compiled before.
    """

    def __init__(self, configuration: Configuration, scratch: Path, cache: Path) -> None:
        self._configuration = configuration
        self._own = Path(tempfile.mkdtemp(prefix="process-", dir=scratch))
        self._numbers = itertools.count()
        self._workspace = Workspace(configuration.interfaces.root, cache, configuration.events.option)
        self._keeper: Pact | None = None
        install(self._own / "plugins")

    @contextmanager
    def recording(self, test: str) -> Iterator[list[RecordedPact]]:
        """Yield the pacts of one test, to be filled; after the block every one of them has to have been exercised.

        Raises:
            RecordingError: One was not.
        """
        begun: list[RecordedPact] = []
        yield begun
        for pact in begun:
            if not pact.exercised:
                described = "', '".join(pact.described) or "no interaction"
                raise RecordingError(
                    f"'{described}' of {pact} was described but the consumer was not exercised against it",
                    where=test,
                    hint="call the consumer's code within 'serve()', 'serve_grpc()' or 'deliver()'",
                )

    def begin(self, consumer: str, provider: str, test: str) -> RecordedPact:
        """Begin a contract for one test.

        Raises:
            RecordingError: One of the names is not configured.
        """
        for role, name in (("consumer", consumer), ("provider", provider)):
            if name not in self._configuration.pacticipants:
                known = ", ".join(sorted(self._configuration.pacticipants))
                raise RecordingError(
                    f"the {role} '{name}' is not configured",
                    where=test,
                    hint=f"add [pacticipants.{name}] to the configuration, or use one of: {known}",
                )
        folder = self._own / "pacts" / str(next(self._numbers))
        folder.mkdir(parents=True)
        return RecordedPact(
            consumer,
            provider,
            test=test,
            folder=folder,
            workspace=self._workspace,
            keep_plugin=self._keep_plugin,
        )

    def _keep_plugin(self) -> None:
        """Hold one contract that uses the plugin: with the last one the library ends it, and a start takes long."""
        if self._keeper is None:
            self._keeper = Pact("servanda", "servanda").using_plugin(PLUGIN, delay=0)

    def close(self) -> None:
        """Let the plugin end."""
        self._keeper = None
