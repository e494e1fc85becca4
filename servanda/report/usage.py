"""Users of an element, and unused elements: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby

from servanda.escaping import line as escaped
from servanda.escaping.documents import json_text
from servanda.impact.census import Idle, Status
from servanda.interfaces.usage.use import Usage, Use
from servanda.report.finding_wording import OUTDATED, proof
from servanda.verdict import Consumer


def text(element: str, uses: Iterable[Use], usage: Usage, consumers: Iterable[Consumer]) -> str:
    """Tell who uses an element, with every proof; then who does not, or is not known to."""
    by_consumer = {name: list(found) for name, found in groupby(uses, lambda use: use.consumer)}
    lines = [element]
    for consumer in consumers:
        lines += _consumer(consumer, by_consumer.get(consumer.name, []), usage)
    if len(lines) == 1:
        lines.append("  no known consumers; assuming the element is in use")
    return "".join(f"{escaped(line)}\n" for line in lines)


def _consumer(consumer: Consumer, uses: list[Use], usage: Usage) -> Iterator[str]:
    name = f"{consumer.name} ({consumer.owner})" if consumer.owner else consumer.name
    observed = usage.observations.get(consumer.name)
    if uses:
        ways = sorted({f"{use.access} over {use.transport}" for use in uses})
        yield f"  {name}: {', '.join(ways)}"
        yield from (f"    {proof(evidence)}" for evidence in sorted({use.evidence for use in uses}))
    elif observed is not None and observed.outdated:
        yield f"  {name}: unknown, assumed to be in use: observed on {observed.date} ({observed.document}), {OUTDATED}"
    elif observed is not None:
        yield f"  {name}: not used, observed on {observed.date} ({observed.document})"
    else:
        yield f"  {name}: unknown, assumed to be in use: no proof of use, no observation of its tests"


def document(element: str, uses: Iterable[Use], usage: Usage, consumers: Iterable[Consumer]) -> str:
    """Return in JSON who uses an element, with every proof."""
    found = {
        "element": element,
        "consumers": [{"name": consumer.name, "owner": consumer.owner} for consumer in consumers],
        "uses": [
            {
                "consumer": use.consumer,
                "access": str(use.access),
                "transport": str(use.transport),
                "named": use.named,
                "evidence": asdict(use.evidence),
            }
            for use in uses
        ],
        "observations": [asdict(observation) for observation in usage.observations.values()],
    }
    return json_text(found)


def unused_text(found: Iterable[Idle]) -> str:
    """Return one line for each element, those that are unused for certain first."""
    lines = []
    for each in sorted(found, key=lambda idle: (idle.status is not Status.UNUSED, idle.element)):
        if each.status is Status.UNUSED:
            dates = ", ".join(f"{observation.consumer} {observation.date}" for observation in each.observed)
            lines.append(f"unused   {each.element}  (observed: {dates})")
        else:
            missing = ", ".join(each.missing) or "no known consumers"
            lines.append(f"unknown  {each.element}  (not observed: {missing})")
    return "".join(f"{escaped(line)}\n" for line in lines)


def unused_document(found: Iterable[Idle]) -> str:
    """Return in JSON which elements are unused, or not known to be used."""
    entries = [
        {
            "element": each.element,
            "status": str(each.status),
            "observed": {observation.consumer: observation.date for observation in each.observed},
            "missing": list(each.missing),
        }
        for each in found
    ]
    return json_text({"elements": entries})
