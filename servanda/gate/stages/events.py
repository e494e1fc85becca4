"""Stage: recorded events, replayed to their consumers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from servanda import infra
from servanda.configuration import Configuration
from servanda.events.corpus import open_corpus
from servanda.events.replay.examination import Listeners, Wanted, prepare
from servanda.gate.events import carried_out
from servanda.gate.stage import EVENTS
from servanda.verdict import InstanceFact, StageResult


class Events:
    """Sends the consumers of the working tree every event that topics may still hold, and compares the effects.

    Args:
        mode: Provisioning of the stores.
        endpoints: Gives the stores that are up already, which are used if they are all that is needed.
        instances: Takes the instances that ran.
    """

    name = EVENTS

    def __init__(
        self,
        configuration: Configuration,
        environ: Mapping[str, str],
        mode: str | None,
        listeners: Listeners,
        endpoints: Callable[[], infra.Endpoints],
        instances: list[InstanceFact],
    ) -> None:
        self._configuration = configuration
        self._environ = environ
        self._mode = mode
        self._listeners = listeners
        self._endpoints = endpoints
        self._instances = instances

    def prepare(self) -> None:
        """Wait: two cores are busy with the stage before."""

    async def examine(self) -> StageResult:
        """Replay the events; broken by one effect that is not as it was accepted.

        Raises:
            ContractError: The corpus was changed, or effects were not accepted.
            ConfigurationError: No consumer is configured, or its tables cannot be told.
            InfrastructureError: A store did not start, or died.
            SupervisionError: A consumer did not start.
        """
        prepared = prepare(open_corpus(self._configuration.events.corpus), self._configuration, Wanted())
        found = await carried_out(
            prepared,
            self._configuration,
            self._environ,
            mode=self._mode,
            listeners=self._listeners,
            endpoints=self._endpoints(),
        )
        self._instances.extend(found.examination.instances)
        return found.stage
