"""The platform with its journeys and contracts as a source of events: started, used, read, and ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

from servanda import infra, supervision
from servanda.configuration import Configuration, Secrets
from servanda.errors import ConfigurationError, InfrastructureError, RecordingError
from servanda.events.recording.recording import wait_until_quiet
from servanda.testing import run_tests
from servanda.topics.cluster import Cluster
from servanda.topics.names import Names
from servanda.verdict import Outcome
from servanda.verification import load_contracts, verify


@contextlib.asynccontextmanager
async def after_use(
    configuration: Configuration,
    environ: Mapping[str, str],
    topics: tuple[str, ...],
    *,
    mode: str | None = None,
    stores: infra.Listener = infra.ignore,
    services: supervision.Listener = supervision.ignore,
) -> AsyncIterator[tuple[Cluster, Names]]:
    """Start the platform, make the journeys, replay the contracts, and give its Kafka once nothing more is published.

    Args:
        configuration: Describes services and journeys.
        environ: Environment that every process starts from.
        topics: Topics, without namespace, that have to be quiet.
        mode: Provisioning of the stores.
        stores: Told about the stores.
        services: Told about the services.

    Raises:
        ConfigurationError: There are neither journeys nor contracts.
        RecordingError: A journey failed: what it would have caused is not there.
        ServandaError: The platform did not start, or a store died.
    """
    contracts = load_contracts(configuration).files if configuration.contracts.pacts.is_dir() else ()
    if not configuration.end_to_end.command and not contracts:
        hint = "name a running Kafka: --bootstrap HOST:PORT; or write a command into [end-to-end]"
        raise ConfigurationError("there are no journeys and no contracts, so nothing would be published", hint=hint)
    folder = supervision.own_folder(configuration.root, "events")
    plan = supervision.Plan(configuration, folder, environ)
    started = supervision.start_with_stores(plan, mode, stores=stores, services=services)
    async with started as running:
        if configuration.end_to_end.command:
            await _travel(running, configuration, environ)
        # Whether they hold is a question of others; what providers publish for them is there in any case.
        await verify(contracts, running, configuration)
        bootstrap = running.placeholders.values.get("kafka.bootstrap")
        if bootstrap is None:
            raise InfrastructureError("no Kafka in this run: none of its services has the store 'kafka'")
        names = Names(configuration.events.topic, running.placeholders.values.get("namespace", ""))
        cluster, limits = Cluster(bootstrap), configuration.limits
        wanted = [names.of(topic) for topic in topics]
        await asyncio.to_thread(
            wait_until_quiet, cluster, wanted, limits.settle_seconds, limits.event_seconds + limits.settle_seconds
        )
        yield cluster, names


async def _travel(running: supervision.Running, configuration: Configuration, environ: Mapping[str, str]) -> None:
    journeys = configuration.end_to_end
    secrets = Secrets(configuration.root, environ)
    environment = running.fill(journeys.environment, "end-to-end.environment", secrets)
    command = running.placeholders.fill_all(journeys.command, "end-to-end.command")
    tests = await run_tests(command, {**environ, **environment}, configuration.root, configuration.limits)
    if tests.outcome is not Outcome.HELD:
        told = tests.reasons[0].message if tests.reasons else "no reason is known"
        raise RecordingError(f"the journeys did not hold, so nothing is recorded: {told}")
