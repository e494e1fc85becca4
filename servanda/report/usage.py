"""Users of an element, and unused elements: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from servanda.escaping import line as escaped
from servanda.escaping.documents import json_text
from servanda.impact.census import Idle, Status
from servanda.interfaces.usage.inventory import Listed
from servanda.interfaces.usage.use import Usage, Use
from servanda.report.finding_wording import OPEN, OUTDATED, proof
from servanda.verdict import Consumer


@dataclass(frozen=True, slots=True)
class Asked:
    """An element that somebody asked for, with everybody who may use its interface."""

    element: Listed
    usage: Usage
    consumers: tuple[Consumer, ...]


def text(found: Iterable[Asked]) -> str:
    """Tell of each element who uses it, with every proof; then who does not, or is not known to."""
    return "".join(f"{escaped(line)}\n" for each in found for line in _element(each))


def _element(asked: Asked) -> Iterator[str]:
    name, usage = asked.element.name, asked.usage
    by_consumer = {one: list(uses) for one, uses in groupby(usage.of([name]), lambda use: use.consumer)}
    yield asked.element.label
    for consumer in asked.consumers:
        yield from _consumer(consumer, name, by_consumer.get(consumer.name, []), usage)
    if not asked.consumers:
        yield "  no known consumers; assuming the element is in use"


def _consumer(consumer: Consumer, element: str, uses: list[Use], usage: Usage) -> Iterator[str]:
    name = f"{consumer.name} ({consumer.owner})" if consumer.owner else consumer.name
    observed = usage.observations.get(consumer.name)
    if uses:
        yield f"  {name}: {', '.join(_ways(uses))}"
        yield from (f"    {proof(evidence)}" for evidence in sorted({use.evidence for use in uses}))
    elif observed is not None and observed.outdated:
        yield f"  {name}: unknown, assumed to be in use: observed on {observed.date} ({observed.document}), {OUTDATED}"
    elif observed is not None and usage.may_use(consumer.name, element, ()):
        yield f"  {name}: unknown, assumed to be in use: observed on {observed.date} ({observed.document}), {OPEN}"
    elif observed is not None:
        yield f"  {name}: not used, observed on {observed.date} ({observed.document})"
    else:
        yield f"  {name}: unknown, assumed to be in use: no proof of use, no observation of its tests"


def _ways(uses: Iterable[Use]) -> list[str]:
    """Tell what is done over which transport; what nothing shows for certain is something that may be done."""
    ways: dict[tuple[str, str], bool] = {}
    for use in uses:
        way = (str(use.access), str(use.transport))
        ways[way] = ways.get(way, True) and use.evidence.possible
    return [
        f"{'may ' if is_possible else ''}{access} over {way}" for (access, way), is_possible in sorted(ways.items())
    ]


def document(found: Sequence[Asked]) -> str:
    """Return in JSON who uses an element, with every proof; of several elements a list of the same."""
    told = [_told(each) for each in found]
    return json_text(told[0] if len(told) == 1 else {"elements": told})


def _told(asked: Asked) -> dict[str, object]:
    usage = asked.usage
    return {
        "element": asked.element.label,
        "consumers": [{"name": consumer.name, "owner": consumer.owner} for consumer in asked.consumers],
        "uses": [
            {
                "consumer": use.consumer,
                "access": str(use.access),
                "transport": str(use.transport),
                "named": use.named,
                "evidence": asdict(use.evidence),
            }
            for use in usage.of([asked.element.name])
        ],
        "observations": [asdict(observation) for observation in usage.observations.values()],
    }


def unused_text(found: Iterable[Idle]) -> str:
    """Return one line for each element, those that are unused for certain first."""
    lines = []
    for each in sorted(found, key=lambda idle: (idle.status is not Status.UNUSED, idle.element.label)):
        if each.status is Status.UNUSED:
            dates = ", ".join(f"{observation.consumer} {observation.date}" for observation in each.observed)
            lines.append(f"unused   {each.element.label}  (observed: {dates})")
        else:
            missing = ", ".join(each.missing) or "no known consumers"
            lines.append(f"unknown  {each.element.label}  (not observed: {missing})")
    return "".join(f"{escaped(line)}\n" for line in lines)


def unused_document(found: Iterable[Idle]) -> str:
    """Return in JSON which elements are unused, or not known to be used."""
    entries = [
        {
            "element": each.element.label,
            "status": str(each.status),
            "observed": {observation.consumer: observation.date for observation in each.observed},
            "missing": list(each.missing),
        }
        for each in found
    ]
    return json_text({"elements": entries})
