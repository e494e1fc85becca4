"""Carrying out one job in the tree of this process."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace

from servanda import infra, supervision
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.extensions import STORES
from servanda.gate.reasons import told_from
from servanda.gate.stage import VERSIONS
from servanda.jobs.document import Jobs
from servanda.jobs.inputs import inputs_of, require_same
from servanda.jobs.job import Job, Task
from servanda.jobs.making import part_of, paths_of
from servanda.jobs.result import Result, without_times
from servanda.verdict import InstanceFact, InteractionResult, StageResult, StoreFact, combine
from servanda.verification import LoadedContracts, load_contracts, verify
from servanda.versions.examination import Listeners, examine
from servanda.versions.plan import Plan


async def carry_out(
    job: Job,
    jobs: Jobs,
    configuration: Configuration,
    environ: Mapping[str, str] = os.environ,
    stores: infra.Listener = infra.ignore,
) -> Result:
    """Carry a job out on stores of its own, and return what it found.

    Args:
        job: The job.
        jobs: The document that it is of, for messages.
        configuration: That of this tree.
        environ: Environment that every process starts from.
        stores: Told about the progress of the stores.

    Raises:
        JobError: Something that decides the result is another one here, such as the tree.
        ServandaError: Something kept the job from being carried out.
    """
    task, named, started = job.task, jobs.named(job), time.monotonic()
    folder = f"jobs/{job.short}"
    if task.plan is not None:
        require_same(job, inputs_of(task, configuration), named, configuration.root)
        found = await _run(task.plan, job, configuration, environ, stores)
    else:
        contracts = _contracts(task, configuration)
        require_same(job, inputs_of(task, configuration, paths_of(contracts)), named, configuration.root)
        found = await _verified(task, contracts, configuration, environ, stores, folder)
    return replace(found, job=job.hash, seconds=round(time.monotonic() - started, 3))


def _contracts(task: Task, configuration: Configuration) -> LoadedContracts:
    if task.provider not in configuration.services:
        what = f"the provider '{task.provider}' is not a configured service"
        raise ConfigurationError(what, hint="check out what the jobs were made of")
    return part_of(load_contracts(configuration, providers=(task.provider,)), task.provider, task.consumers)


async def _verified(
    task: Task,
    contracts: LoadedContracts,
    configuration: Configuration,
    environ: Mapping[str, str],
    stores: infra.Listener,
    folder: str,
) -> Result:
    results: tuple[InteractionResult, ...] = ()
    facts: tuple[StoreFact, ...] = ()
    instances: tuple[InstanceFact, ...] = ()
    if contracts.providers:
        place = supervision.own_folder(configuration.root, folder)
        plan = supervision.Plan(configuration, place, environ, only=contracts.providers)
        async with supervision.start_with_stores(plan, task.mode or None, stores=stores) as running:
            results = await verify(contracts.files, running, configuration)
            facts, instances = running.facts, tuple(instance.fact for instance in running.instances)
    told = tuple(
        replace(told_from(result, configuration.root), options=("--infra", task.mode) if task.mode else ())
        for result in (*contracts.unreadable, *results)
    )
    stage = StageResult("providers", combine(result.outcome for result in told), results=told)
    return Result("", without_times(stage), facts, instances)


async def _run(
    plan: Plan, job: Job, configuration: Configuration, environ: Mapping[str, str], stores: infra.Listener
) -> Result:
    facts: dict[str, StoreFact] = {}

    def heard(event: infra.Event) -> None:
        if isinstance(event, infra.StoreReady):
            facts[event.store] = event.fact
        stores(event)

    found = await examine(
        plan,
        configuration,
        environ,
        mode=job.task.mode or None,
        listeners=Listeners(stores=heard, logs=f"jobs/{job.short}"),
    )
    stage = StageResult(
        VERSIONS,
        found.outcome,
        reasons=tuple(each.reason() for each in found.breaks),
        results=tuple(told_from(result, configuration.root) for result in found.results),
    )
    used = tuple(facts[store] for store in STORES.ordered(facts))
    return Result("", without_times(stage), used, found.instances, found.pairings)
