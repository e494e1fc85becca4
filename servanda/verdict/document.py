"""Facts as JSON values, and back: ``from_document(type(fact), to_document(fact)) == fact``.

The keys are the attributes of the fact, with three exceptions that make documents easier to query: a finding has the
attributes of its span and an impact those of its consumer as keys of its own, and a verdict lists findings and
interactions of all stages at its top. ``docs/reference/verdict.schema.json`` describes the whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar, cast

import msgspec

from servanda.errors import VerdictError
from servanda.verdict.finding import Consumer, ConsumerImpact, Finding
from servanda.verdict.location import Span
from servanda.verdict.outcome import Answer, Transport
from servanda.verdict.run import StageResult, Verdict

Document = dict[str, Any]
_Fact = TypeVar("_Fact")
_OF_COMPARISON = ("input", "base", "bump", "deploy_order")
_LISTED = ("findings", "results")


def to_document(fact: object) -> Document:
    """Convert a fact of :mod:`servanda.verdict` into JSON values."""
    if isinstance(fact, Verdict):
        return _of_verdict(fact)
    if isinstance(fact, StageResult):
        return {**_plain(fact), "findings": [to_document(found) for found in fact.findings]}
    document = _plain(fact)
    if isinstance(fact, Finding):
        document["consumers"] = [_spread(hit, "consumer") for hit in document["consumers"]]
        return _spread(document, "span")
    return _spread(document, "consumer") if isinstance(fact, ConsumerImpact) else document


def from_document(kind: type[_Fact], document: object) -> _Fact:
    """Convert JSON values back into the fact that they were made of.

    Args:
        kind: The class of the fact.
        document: What :func:`to_document` gave, also after a round through JSON.

    Raises:
        VerdictError: The document is not one of such a fact.
    """
    if not isinstance(document, Mapping):
        raise VerdictError(f"a {kind.__name__} is written as an object, not as {type(document).__name__}")
    if kind is Verdict:
        return cast("_Fact", _to_verdict(document))
    try:
        return msgspec.convert(_gathered(kind, document), kind, dec_hook=_read)
    except msgspec.ValidationError as error:
        raise VerdictError(f"not a {kind.__name__}: {error}") from error


def _plain(fact: object) -> Document:
    return cast("Document", msgspec.to_builtins(fact, enc_hook=str))


def _read(kind: type, value: object) -> object:
    """Read what is no value of JSON itself: the name of a transport."""
    if kind is Transport and isinstance(value, str):
        return Transport(value)
    raise NotImplementedError(kind)


def _spread(document: Document, key: str) -> Document:
    """Put the keys of one value in its place."""
    spread: Document = {}
    for name, value in document.items():
        spread |= value if name == key else {name: value}
    return spread


def _gathered(kind: type, document: Mapping[str, Any]) -> Document:
    if kind is Finding:
        hits = [_gathered(ConsumerImpact, hit) for hit in _objects(document, "consumers")]
        return _gather({**document, "consumers": hits}, "span", Span)
    if kind is ConsumerImpact:
        return _gather(dict(document), "consumer", Consumer)
    if kind is StageResult:
        return {**document, "findings": [_gathered(Finding, found) for found in _objects(document, "findings")]}
    return dict(document)


def _gather(document: Document, key: str, kind: type) -> Document:
    """Put the keys that are attributes of one value back into it."""
    names = [field.name for field in dataclasses.fields(kind)]
    document[key] = {name: document.pop(name) for name in names if name in document}
    return document


def _objects(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    listed = document.get(key, ())
    if not isinstance(listed, list | tuple) or not all(isinstance(each, Mapping) for each in listed):
        raise VerdictError(f"'{key}' is a list of objects, not {type(listed).__name__}")
    return list(listed)


def _of_verdict(verdict: Verdict) -> Document:
    """List findings and interactions once, at the top; each stage says how many of them are its own, in order."""
    stages = [
        {
            **_plain(dataclasses.replace(stage, findings=(), results=())),
            **{key: len(getattr(stage, key)) for key in _LISTED},
        }
        for stage in verdict.stages
    ]
    compared = _plain(verdict.comparison) if verdict.comparison is not None else dict.fromkeys(_OF_COMPARISON)
    return {
        "verdict": str(verdict.answer),
        "holds": verdict.answer is Answer.YES,
        **compared,
        "stages": stages,
        "results": [to_document(result) for result in verdict.results],
        "findings": [to_document(finding) for finding in verdict.findings],
        "infrastructure": {fact.store: {"kind": fact.kind, "version": fact.version} for fact in verdict.infrastructure},
        "versions": dict(sorted(verdict.versions.items())),
        "instances": [_plain(fact) for fact in verdict.instances],
        "started": verdict.started,
        "uses": [_plain(each) for each in verdict.uses],
    }


def _to_verdict(document: Mapping[str, Any]) -> Verdict:
    left = {key: iter(_objects(document, key)) for key in _LISTED}
    stages = tuple(from_document(StageResult, _stage(stage, left)) for stage in _objects(document, "stages"))
    if any(next(each, None) is not None for each in left.values()):
        raise VerdictError("not a Verdict: it lists more findings or interactions than its stages have")
    stores = document.get("infrastructure", {})
    try:
        facts = [{"store": store, **fact} for store, fact in stores.items()]
        rest = {"answer": document["verdict"], "infrastructure": facts, "stages": []}
        rest |= {key: document[key] for key in ("versions", "instances", "started", "uses") if key in document}
        read = msgspec.convert(rest, Verdict, dec_hook=_read)
    except KeyError as error:
        raise VerdictError(f"not a Verdict: the key {error} is missing") from error
    except (AttributeError, TypeError) as error:
        raise VerdictError("not a Verdict: 'infrastructure' is not an object of objects") from error
    except msgspec.ValidationError as error:
        raise VerdictError(f"not a Verdict: {error}") from error
    return dataclasses.replace(read, stages=stages, versions=MappingProxyType(dict(read.versions)))


def _stage(stage: Mapping[str, Any], left: Mapping[str, Iterator[Mapping[str, Any]]]) -> Document:
    taken: Document = {}
    for key in _LISTED:
        count = stage.get(key)
        if not isinstance(count, int) or count < 0:
            raise VerdictError(f"'{key}' of a stage is the number of them, not {count!r}")
        taken[key] = list(islice(left[key], count))
        if len(taken[key]) < count:
            raise VerdictError(f"a stage has {count} {key}, but only {len(taken[key])} are left in the list")
    return {**stage, **taken}
