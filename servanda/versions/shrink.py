"""Making a run that breaks as small as it can be while it breaks all the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from servanda.versions.plan import Phase, Run, Step

Attempt: TypeAlias = Callable[[Run], Awaitable[bool]]
"""Carries out a run on fresh stores and tells whether its last step is the first that breaks, in the same way."""


async def shrunk(run: Run, attempt: Attempt) -> Run:
    """Return a run that breaks in the same way, of which no step and no exchanged service can be left out.

    Args:
        run: Its last step is the one that breaks; the first one, with all services old, is always kept.
        attempt: Tries a smaller one.
    """
    shorter = await _first(_with_few_steps(run), attempt) or await _without_each_step(run, attempt)
    services = exchanged(shorter)
    alone = (_only(shorter, frozenset((service,))) for service in services if len(services) > 1)
    return await _first(alone, attempt) or await _without_each_service(shorter, attempt)


def exchanged(run: Run) -> tuple[str, ...]:
    """Return the services that have a new version in some step."""
    return tuple(
        dict.fromkeys(service for step in run.steps for service, names in step.live.items() if names != (run.old,))
    )


def _with_few_steps(run: Run) -> Iterator[Run]:
    first, *middle, last = run.steps
    if middle:
        yield replace(run, steps=(first, last))
    if len(middle) > 1:
        for step in reversed(middle):
            yield replace(run, steps=(first, step, last))


async def _without_each_step(run: Run, attempt: Attempt) -> Run:
    # With fewer than three steps between the ends, all of these were tried.
    for step in reversed(run.steps[1:-1] if len(run.steps) > 4 else ()):
        smaller = replace(run, steps=tuple(each for each in run.steps if each is not step))
        if len(smaller.steps) > 3 and await attempt(smaller):
            run = smaller
    return run


async def _without_each_service(run: Run, attempt: Attempt) -> Run:
    kept = exchanged(run)
    # Of two services, each one alone was tried.
    for service in kept if len(kept) > 2 else ():
        smaller = frozenset(exchanged(run)) - {service}
        if len(smaller) > 1 and await attempt(candidate := _only(run, smaller)):
            run = candidate
    return run


async def _first(runs: Iterator[Run], attempt: Attempt) -> Run | None:
    for run in runs:
        if len(run.steps) > 1 and await attempt(run):
            return run
    return None


def _only(run: Run, services: frozenset[str]) -> Run:
    """Return the run in which all other services stay old."""
    steps: list[Step] = []
    for step in run.steps:
        live = {service: names if service in services else (run.old,) for service, names in step.live.items()}
        # A step that differs from the one before in other services alone is none.
        if not steps or live != dict(steps[-1].live):
            steps.append(_renamed(replace(step, live=MappingProxyType(live)), step, run.old))
    return replace(run, steps=tuple(steps))


def _renamed(step: Step, before: Step, old: str) -> Step:
    """Return a step in the phase that it is, now that services of it stay old."""
    if step.live == before.live:
        return step
    if all(names == (old,) for names in step.live.values()):
        return replace(step, phase=Phase.ROLLED_BACK, service="")
    both = [service for service, names in step.live.items() if len(names) > 1]
    if both:
        return replace(step, phase=Phase.ROLLING, service=both[0])
    return replace(step, phase=Phase.MIXED, service="")
