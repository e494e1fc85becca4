"""Runs of several versions for the gate and for the command: the plan, its result as a stage, the evidence."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from servanda import supervision
from servanda.configuration import Configuration, revision
from servanda.errors import ConfigurationError, ServandaError
from servanda.gate.interfaces import examine as examine_interfaces
from servanda.gate.reasons import told_from
from servanda.gate.stage import VERSIONS
from servanda.gate.versions import versions
from servanda.interfaces.protobuf.releases import newest
from servanda.policy.evidence import Evidence
from servanda.policy.evidence import written as written_evidence
from servanda.processes import make_private_folder, repository_top
from servanda.report.versions import run_in_words
from servanda.verdict import DeployOrder, InstanceFact, StageResult
from servanda.versions.builds import named_version, working_tree
from servanda.versions.examination import Examination, Listeners, examine, services_of, shrink
from servanda.versions.plan import Plan, Version, make_plan, written

PLAN: Final = "plan.json"
EVIDENCE: Final = "evidence.json"
SMALLEST: Final = "shrunk.json"


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """Result of a plan that was carried out.

    Attributes:
        instances: The instances that ran.
    """

    stage: StageResult
    instances: tuple[InstanceFact, ...]
    examination: Examination


def plan_of(
    configuration: Configuration,
    cache: Path,
    *,
    live: Sequence[str] = (),
    order: DeployOrder | None = None,
    seed: int = 1,
    notice: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Return the plan of a rollout of the working tree.

    Args:
        configuration: Describes the services, and names the live versions.
        cache: Folder of what is kept between runs.
        live: The live versions; the configured ones if empty, the newest release if there are none.
        order: Order of the rollout; if left out the one that the comparison of the interfaces claims to be safe.
        seed: Of everything that is drawn.
        notice: Told in one sentence what a person should know.

    Raises:
        ConfigurationError: A version cannot be found, or nothing is live.
    """
    named = tuple(live) or configuration.versions.live
    image = None if named else newest(configuration.interfaces.releases)
    found = [named_version(name, configuration) for name in (named or ((image.stem,) if image is not None else ()))]
    claimed = _claimed(found, configuration, cache, notice) if order is None else order
    instances = configuration.versions.instances
    plan = make_plan(found, working_tree(), services_of(configuration), claimed, seed=seed, instances=instances)
    return replace(plan, base=_base(configuration))


def keep_plan(plan: Plan, configuration: Configuration) -> None:
    """Write a plan into the folder of the run, before anything starts.

    Raises:
        ConfigurationError: It cannot be written.
    """
    keep(written(plan), own_folder(configuration) / PLAN)


async def carried_out(
    plan: Plan,
    configuration: Configuration,
    environ: Mapping[str, str],
    *,
    only: int | None = None,
    mode: str | None = None,
    listeners: Listeners,
) -> CarriedOut:
    """Carry out a plan, and write the evidence beside it; see :func:`servanda.versions.examination.examine`.

    Raises:
        ServandaError: Something kept it from being carried out.
    """
    began, started = time.time(), time.monotonic()
    found = await examine(plan, configuration, environ, only=only, mode=mode, listeners=listeners)
    keep(written_evidence(_evidence(plan, configuration, found, began)), own_folder(configuration) / EVIDENCE)
    stage = StageResult(
        VERSIONS,
        found.outcome,
        round(time.monotonic() - started, 3),
        tuple(each.reason() for each in found.breaks),
        results=tuple(told_from(result, configuration.root) for result in found.results),
    )
    return CarriedOut(stage, found.instances, found)


async def with_the_smallest(
    carried: CarriedOut,
    plan: Plan,
    configuration: Configuration,
    environ: Mapping[str, str],
    *,
    mode: str | None = None,
    listeners: Listeners,
) -> StageResult:
    """Return the stage whose first break names the smallest run that shows it; the plan of that run is written.

    Raises:
        ServandaError: Something kept a smaller run from being tried.
    """
    if not carried.stage.reasons:
        return carried.stage
    started = time.monotonic()
    smallest = await shrink(plan, carried.examination, configuration, environ, mode=mode, listeners=listeners)
    keep(written(smallest), own_folder(configuration) / SMALLEST)
    command = f"servanda versions --plan .servanda/{VERSIONS}/{SMALLEST}"
    first, *others = carried.stage.reasons
    how = f"the smallest run that shows it: {run_in_words(smallest.runs[0])}; repeat it: {command}"
    reasons = (replace(first, message=f"{first.message}; {how}"), *others)
    return replace(carried.stage, seconds=carried.stage.seconds + round(time.monotonic() - started, 3), reasons=reasons)


def own_folder(configuration: Configuration) -> Path:
    """Return the folder of logs, plan and evidence; it is made.

    Raises:
        ProcessError: It cannot be made private.
    """
    folder = supervision.own_folder(configuration.root, VERSIONS)
    make_private_folder(folder)
    return folder


def keep(text: str, place: Path) -> None:
    """Write a text to a file.

    Raises:
        ConfigurationError: It cannot be written.
    """
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot be written: {error.strerror}", where=os.fspath(place)) from error


def _base(configuration: Configuration) -> str:
    try:
        return revision(configuration.root).commit
    except ConfigurationError:
        return ""


def _claimed(
    live: Iterable[Version], configuration: Configuration, cache: Path, notice: Callable[[str], None]
) -> DeployOrder:
    """Return the order that is claimed to be safe, whichever of the versions is live."""
    claims = []
    try:
        # What is no commit is compared as `servanda check` does without a base.
        for against in dict.fromkeys(_base_of(version, configuration) for version in live):
            comparison = examine_interfaces(configuration, cache, against).comparison
            claims.append(comparison.deploy_order if comparison is not None else DeployOrder.PROVIDER_FIRST)
    except ServandaError as error:
        notice(f"note: no order is known to be safe, so providers go first: {error.what}")
        return DeployOrder.PROVIDER_FIRST
    return DeployOrder.of_all(claims)


def _base_of(version: Version, configuration: Configuration) -> str | None:
    top = repository_top(configuration.root)
    return f"{top / '.git'}#commit={version.commit}" if version.commit and top is not None else None


def _evidence(plan: Plan, configuration: Configuration, found: Examination, began: float) -> Evidence:
    return Evidence(
        tuple(version.name for version in plan.live),
        plan.candidate.name,
        dt.datetime.fromtimestamp(began, tz=dt.UTC).isoformat(timespec="seconds"),
        "real stores",
        found.pairings,
        versions(configuration).get("commit", ""),
        f"servanda versions --plan .servanda/{VERSIONS}/{PLAN}",
    )
