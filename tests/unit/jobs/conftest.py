"""Jobs that nobody has to start anything for."""

from __future__ import annotations

from types import MappingProxyType

from servanda.jobs import Job, Jobs, Result, Task, identified
from servanda.verdict import InstanceFact, InteractionResult, Location, Outcome, StageResult, StoreFact, Transport

POSTGRES = StoreFact("postgres", "embedded", "PostgreSQL 18.6")


def job(provider: str, consumers: tuple[str, ...] = ("web",), *, seconds: float = 1.0, tree: str = "a" * 40) -> Job:
    return identified(
        f"{provider} with {', '.join(consumers)}",
        Task(provider, consumers),
        {"tree": tree, "python": "3.11"},
        stores=("postgres",),
        services=(provider,),
        expected_seconds=seconds,
    )


def document(*jobs: Job) -> Jobs:
    versions = MappingProxyType({"servanda": "1", "base": "none", "commit": "aaaaaaaaaaaa"})
    return Jobs("providers", versions, jobs or (job("shop"), job("stock")))


def interaction(provider: str, name: str = "a call", outcome: Outcome = Outcome.HELD) -> InteractionResult:
    place = Location(f"pacts/web-{provider}.json", 3)
    return InteractionResult("web", provider, Transport("http"), name, outcome, place)


def result(of: Job, *found: InteractionResult, stores: tuple[StoreFact, ...] = (POSTGRES,)) -> Result:
    told = found or (interaction(of.task.provider),)
    outcome = max((each.outcome for each in told), key=lambda each: each is Outcome.BROKEN)
    stage = StageResult("providers", outcome, results=told)
    return Result(of.hash, stage, stores, (InstanceFact(of.task.provider, "", ""),), seconds=1.5)
