"""Do old and new versions live together on the same stores, and is a rollback safe?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from servanda.configuration import Configuration
from servanda.gate.rollout import carried_out, keep_plan, plan_of
from servanda.gate.stage import VERSIONS
from servanda.verdict import InstanceFact, StageResult
from servanda.versions.examination import Listeners


class Versions:
    """Runs the system in every state that a rollout of the change passes, and rolls it back.

    Args:
        cache: Folder of what is kept between runs.
        mode: Provisioning of the stores.
        instances: Takes the instances that ran.
    """

    name = VERSIONS

    def __init__(
        self,
        configuration: Configuration,
        environ: Mapping[str, str],
        cache: Path,
        mode: str | None,
        listeners: Listeners,
        instances: list[InstanceFact],
    ) -> None:
        self._configuration = configuration
        self._environ = environ
        self._cache = cache
        self._mode = mode
        self._listeners = listeners
        self._instances = instances

    def prepare(self) -> None:
        """Wait: the versions run on stores of their own, and two cores are busy with the stage before."""

    async def examine(self) -> StageResult:
        """Carry out the plan; broken by one break between versions.

        Raises:
            ConfigurationError: Nothing is live, or a version cannot be found.
            ProcessError: A version cannot be built.
            InfrastructureError: A store did not start, or died.
            SupervisionError: The live version does not start.
        """
        plan = plan_of(self._configuration, self._cache)
        keep_plan(plan, self._configuration)
        found = await carried_out(plan, self._configuration, self._environ, mode=self._mode, listeners=self._listeners)
        self._instances.extend(found.instances)
        return found.stage
