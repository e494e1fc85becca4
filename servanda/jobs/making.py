"""Cutting a verification or a mixed-version run into jobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from servanda import supervision
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, ContractError
from servanda.gate.stage import VERSIONS
from servanda.gate.versions import versions
from servanda.jobs.document import Jobs
from servanda.jobs.inputs import inputs_of, tree
from servanda.jobs.job import Job, Task, identified
from servanda.supervision import start_order
from servanda.verification import LoadedContracts
from servanda.versions.plan import Phase, Plan, Run, Step

# A job starts its services and stores anew, which takes as long as some hundred interactions. It does not depend on how
# long earlier runs took: the same contracts have to make the same jobs.
_MOST_INTERACTIONS: Final = 100
_START_SECONDS: Final = 10.0
_INTERACTION_SECONDS: Final = 0.1
_STEP_SECONDS: Final = 15.0
_UNTOLD: Final = "unknown"
_PROVIDERS: Final = "providers"
_BACK: Final = (Phase.OLD, Phase.NEW, Phase.ROLLED_BACK, Phase.FORWARD)

_NO_TIMES: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Slice:
    """Contracts of one consumer with one provider."""

    consumer: str
    paths: tuple[str, ...]
    interactions: int


def jobs_of_contracts(
    found: LoadedContracts, configuration: Configuration, mode: str = "", times: Mapping[str, float] = _NO_TIMES
) -> Jobs:
    """Return the jobs that verify contracts: of each provider one, or several if it has more than 100 interactions.

    Args:
        found: The contracts.
        configuration: That of the tree.
        mode: Provisioning of the stores; empty for the usual one.
        times: Seconds that jobs took earlier, by title.

    Raises:
        ContractError: Nothing can be verified, because no contract can be read.
        ServandaError: Something that decides the results cannot be read.
    """
    here = tree(configuration.root)
    jobs = [
        _of_contracts(provider, batch, configuration, mode, times, here)
        for provider in dict.fromkeys((*found.providers, *_unreadable(found, configuration)))
        for batch in _batches(_slices(found, provider))
    ]
    if not jobs:
        first = found.unreadable[0]
        raise ContractError(f"no contract can be read: {first.reasons[0].message}", where=str(first.evidence))
    return Jobs(_PROVIDERS, _versions(configuration, jobs), tuple(jobs))


def jobs_of_plan(
    plan: Plan, configuration: Configuration, mode: str = "", times: Mapping[str, float] = _NO_TIMES
) -> Jobs:
    """Return the jobs that carry a plan out.

    Each state in which old and new services are mixed is one, reached straight from the first step; all new, the
    rollback and forward again are one together, since each needs what the one before wrote.

    Args:
        plan: The plan.
        configuration: That of the tree.
        mode: Provisioning of the stores; empty for the usual one.
        times: Seconds that jobs took earlier, by title.

    Raises:
        ConfigurationError: A version is a folder, which no other machine has.
        ServandaError: Something that decides the results cannot be read.
    """
    for version in plan.versions:
        if version.folder:
            what = f"the version {version.name} is a folder, which other machines do not have"
            raise ConfigurationError(what, where=version.folder, hint="name a release or a git reference")
    here = tree(configuration.root)
    stores = _stores(configuration, plan.services)
    jobs = []
    for run, steps in _cut(plan):
        live = tuple(version for version in plan.live if version.name == run.old)
        own = replace(plan, live=live, runs=(replace(run, steps=steps),))
        last = steps[-1]
        what = "all new, rolled back, forward again" if last.phase is Phase.FORWARD else last.title
        title = f"{run.old} to {plan.candidate.name}: step {last.number} {what}"
        expected = times.get(title, _START_SECONDS + _STEP_SECONDS * len(steps))
        task = Task(plan=own, mode=mode)
        # Of wheels, a job knows that of its own run.
        inputs = inputs_of(task, configuration, known=here)
        jobs.append(identified(title, task, inputs, stores=stores, services=plan.services, expected_seconds=expected))
    return Jobs(VERSIONS, _versions(configuration, jobs), tuple(jobs))


def part_of(found: LoadedContracts, provider: str, consumers: Sequence[str]) -> LoadedContracts:
    """Return the contracts of some consumers with a provider, and what cannot be read and may be one of them."""
    files = tuple(file for file in found.files if file.provider == provider and file.consumer in consumers)
    unreadable = tuple(
        each
        for each in found.unreadable
        if each.provider in (provider, _UNTOLD) and each.consumer in (*consumers, _UNTOLD)
    )
    return LoadedContracts(files, unreadable)


def paths_of(found: LoadedContracts) -> tuple[str, ...]:
    """Return the files of contracts, each once."""
    return tuple(
        dict.fromkeys((*(file.path for file in found.files), *(each.evidence.path for each in found.unreadable)))
    )


def _versions(configuration: Configuration, jobs: Sequence[Job]) -> Mapping[str, str]:
    # The document itself may lie in the tree: whether files differ is said by what the jobs were made of.
    commit, plus, _ = jobs[0].inputs["tree"].partition("+")
    return MappingProxyType({**versions(configuration), "commit": f"{commit[:12]}{plus}"})


def _of_contracts(
    provider: str,
    batch: Sequence[_Slice],
    configuration: Configuration,
    mode: str,
    times: Mapping[str, float],
    here: str,
) -> Job:
    consumers = tuple(each.consumer for each in batch)
    services = _started(configuration, provider)
    task = Task(provider, consumers, mode=mode)
    paths = dict.fromkeys(path for each in batch for path in each.paths)
    title = f"{provider} with {', '.join(consumers)}"
    guessed = _START_SECONDS + _INTERACTION_SECONDS * sum(each.interactions for each in batch)
    return identified(
        title,
        task,
        inputs_of(task, configuration, paths, here),
        stores=_stores(configuration, services),
        services=services,
        expected_seconds=times.get(title, guessed),
    )


def _slices(found: LoadedContracts, provider: str) -> Iterator[_Slice]:
    of_provider = found.with_providers((provider,))
    consumers = dict.fromkeys(
        (*(file.consumer for file in of_provider.files), *(each.consumer for each in of_provider.unreadable))
    )
    named = [consumer for consumer in consumers if consumer != _UNTOLD] or list(consumers)
    for consumer in named:
        part = part_of(found, provider, (consumer,))
        yield _Slice(consumer, paths_of(part), sum(len(file.interactions) for file in part.files))


def _batches(slices: Iterable[_Slice]) -> Iterator[tuple[_Slice, ...]]:
    batch: tuple[_Slice, ...] = ()
    for each in slices:
        if batch and sum(one.interactions for one in batch) + each.interactions > _MOST_INTERACTIONS:
            yield batch
            batch = ()
        batch += (each,)
    if batch:
        yield batch


def _unreadable(found: LoadedContracts, configuration: Configuration) -> Iterator[str]:
    yield from (each.provider for each in found.unreadable if each.provider in configuration.services)


def _started(configuration: Configuration, provider: str) -> tuple[str, ...]:
    plan = supervision.Plan(configuration, configuration.root, {}, only=(provider,))
    return tuple(instance.service for instance in start_order(plan))


def _stores(configuration: Configuration, services: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(store for name in services for store in configuration.services[name].stores))


def _cut(plan: Plan) -> Iterator[tuple[Run, tuple[Step, ...]]]:
    for run in plan.runs:
        first = run.steps[0]
        whole = tuple(step for step in run.steps if step.phase in _BACK)
        for step in run.steps:
            if step.phase not in _BACK:
                yield run, (first, step) if step is not first else (step,)
        if whole != (first,) or run.steps == (first,):
            yield run, whole
