"""One verdict from the results of all jobs: whatever ran them, and in which order, it is the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from servanda.errors import JobError
from servanda.extensions import STORES
from servanda.gate.stage import VERSIONS
from servanda.jobs.document import Jobs
from servanda.jobs.folder import require_all
from servanda.jobs.result import Result
from servanda.policy.evidence import Pairing
from servanda.verdict import InteractionResult, Outcome, StageResult, StoreFact, Verdict, combine, decide

_WORST_FIRST: Final = (Outcome.BROKEN, Outcome.UNKNOWN, Outcome.PENDING, Outcome.HELD)
_Told = TypeVar("_Told", InteractionResult, Pairing)


def merged(jobs: Jobs, found: Mapping[str, Result]) -> Verdict:
    """Return the verdict of all jobs.

    Steps of a plan have parts in common: an interaction that several of them verified with the same instance counts
    once, with its worst outcome.

    Args:
        jobs: The jobs; what they found is listed in their order.
        found: Results by the hash of the job.

    Raises:
        JobError: A result is missing, or the jobs used different stores.
    """
    require_all(jobs, found)
    results = [found[job.hash] for job in jobs.jobs]
    listed = _of_steps(results) if jobs.stage == VERSIONS else _of_contracts(results)
    reasons = tuple(dict.fromkeys(reason for result in results for reason in result.stage.reasons))
    outcome = combine(result.stage.outcome for result in results)
    stage = StageResult(jobs.stage, outcome, reasons=reasons, results=listed)
    instances = tuple(dict.fromkeys(instance for result in results for instance in result.instances))
    return decide([stage], _stores(jobs, found), jobs.versions, instances)


def pairings_of(found: Iterable[Result]) -> tuple[Pairing, ...]:
    """Return the versions that were tried together in all jobs, each pair once with its worst outcome."""
    told = (
        ((each.consumer, each.consumer_version, each.provider, each.provider_version), each)
        for result in found
        for each in result.pairings
    )
    return tuple(sorted(_worst(told)))


def _of_steps(results: Iterable[Result]) -> tuple[InteractionResult, ...]:
    return _worst(
        ((each.consumer, each.instance, each.interaction), each) for result in results for each in result.stage.results
    )


def _of_contracts(results: Iterable[Result]) -> tuple[InteractionResult, ...]:
    listed: list[InteractionResult] = []
    earlier: set[InteractionResult] = set()
    for result in results:
        # What cannot be read, and may be with any provider, each of them tells.
        listed += [each for each in result.stage.results if each not in earlier]
        earlier.update(result.stage.results)
    return tuple(listed)


def _worst(told: Iterable[tuple[tuple[str, ...], _Told]]) -> tuple[_Told, ...]:
    known: dict[tuple[str, ...], _Told] = {}
    for key, each in told:
        worst = known.get(key)
        if worst is None or _WORST_FIRST.index(each.outcome) < _WORST_FIRST.index(worst.outcome):
            known[key] = each
    return tuple(known.values())


def _stores(jobs: Jobs, found: Mapping[str, Result]) -> tuple[StoreFact, ...]:
    known: dict[str, tuple[StoreFact, str]] = {}
    for job in jobs.jobs:
        for fact in found[job.hash].infrastructure:
            first, where = known.setdefault(fact.store, (fact, jobs.named(job)))
            if first != fact:
                what = f"{jobs.named(job)} used {fact.kind} {fact.version}, {where} {first.kind} {first.version}"
                hint = "let all jobs use the same stores: --infra, and the same image on every machine"
                raise JobError(what, where=fact.store, hint=hint)
    return tuple(known[store][0] for store in STORES.ordered(known))
