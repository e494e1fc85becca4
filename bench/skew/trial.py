"""One change of the shop under a mixed-version run, and under a test of the candidate alone."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bench.skew.change import Change, write_shop
from servanda.configuration import Configuration, load
from servanda.errors import ServandaError
from servanda.versions.builds import named_version, working_tree
from servanda.versions.examination import examine, services_of
from servanda.versions.oracle import Break
from servanda.versions.plan import Phase, Plan, Run, Step, Version, make_plan

_MOST = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """Result of a change.

    Attributes:
        change: Its name.
        step: The first step that broke; empty if none did.
        caught: Kind of the first break, or why nothing can be told.
        breaks: The breaks, one line each.
        is_right: Whether a fault is named as it has to be; for a safe change, whether nothing broke.
        alone: What a test of the candidate alone shows; empty if nothing.
        seconds: Wall time of the mixed-version run.
    """

    change: str
    step: str
    caught: str
    breaks: tuple[str, ...]
    is_right: bool
    alone: str
    seconds: float


async def tried(change: Change, environ: Mapping[str, str]) -> Trial:
    """Make a change in a copy of the shop, and run it beside the version without it."""
    with tempfile.TemporaryDirectory(prefix="skew-") as folder:
        live, candidate = Path(folder, "live"), Path(folder, "candidate")
        await asyncio.to_thread(write_shop, live)
        await asyncio.to_thread(write_shop, candidate, change.edits)
        configuration = load(candidate / "servanda.toml")
        services = services_of(configuration)
        plan = make_plan([named_version("../live", configuration)], working_tree(), services, change.order)
        started = time.monotonic()
        step, caught, breaks = await _broken(plan, configuration, environ)
        seconds = round(time.monotonic() - started, 1)
        _, _, alone = await _broken(_alone(services, change), configuration, environ)
    told = "\n".join(breaks)
    is_right = bool(step) and all(name in told for name in change.named) if change.is_fault else not (step or caught)
    return Trial(change.name, step, caught, breaks, is_right, alone[0] if alone else "", seconds)


def _alone(services: tuple[str, ...], change: Change) -> Plan:
    """Return a plan in which the candidate meets nobody, on fresh stores: the test of a single version."""
    only, unused = Version("alone", folder="."), Version("unused", folder=".")
    step = Step(1, Phase.OLD, MappingProxyType(dict.fromkeys(services, (only.name,))))
    return Plan(unused, (only,), services, change.order, 1, (Run(only.name, (step,)),))


async def _broken(
    plan: Plan, configuration: Configuration, environ: Mapping[str, str]
) -> tuple[str, str, tuple[str, ...]]:
    try:
        found = await examine(plan, configuration, environ, mode="external")
    except ServandaError as error:
        return "", "could not tell", (str(error),)
    if not found.breaks:
        return "", "", ()
    first = found.breaks[0]
    return first.step.title, str(first.kind), tuple(map(_line, found.breaks[:_MOST]))


def _line(found: Break) -> str:
    reason = found.reason()
    values = f"; expected {reason.expected}, got {reason.actual}" if reason.expected or reason.actual else ""
    return f"{' '.join(reason.message.split())}{f' at {reason.path}' if reason.path else ''}{values}"
