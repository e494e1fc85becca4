"""The result of a job, as JSON and back, sealed with a hash so that damage is seen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from servanda.errors import JobError, VerdictError
from servanda.jobs.document import opened
from servanda.jobs.job import digest, plain
from servanda.policy.evidence import Pairing
from servanda.verdict import InstanceFact, StageResult, StoreFact
from servanda.verdict.document import from_document, to_document

FORMAT: Final = "servanda-job-result"
VERSION: Final = 1
_HINT: Final = "carry the job out again: servanda run-job FILE JOB"


@dataclass(frozen=True, slots=True)
class Result:
    """Facts that a job found. No time is part of them but how long it took: equal jobs have equal facts.

    Attributes:
        job: Hash of the job.
        stage: The part of the stage that it examined.
        infrastructure: The stores that it used.
        instances: The services that it ran.
        pairings: The versions that were tried together.
        seconds: Wall time that it took, from the start of its stores.
    """

    job: str
    stage: StageResult
    infrastructure: tuple[StoreFact, ...] = ()
    instances: tuple[InstanceFact, ...] = ()
    pairings: tuple[Pairing, ...] = ()
    seconds: float = 0.0


def without_times(stage: StageResult) -> StageResult:
    """Return a stage that says nothing of how long it took, which is another time in each run."""
    results = tuple(replace(result, seconds=0.0) for result in stage.results)
    return replace(stage, seconds=0.0, results=results)


def sealed(result: Result) -> str:
    """Return a result as one line of JSON, with the hash of its content."""
    content = {
        "job": result.job,
        "stage": {**to_document(result.stage), "results": [to_document(each) for each in result.stage.results]},
        **{key: plain(getattr(result, key)) for key in ("infrastructure", "instances", "pairings", "seconds")},
    }
    document = {"format": FORMAT, "version": VERSION, **content, "digest": digest(content)}
    # In ASCII: a contract can name what UTF-8 cannot write, such as half of a surrogate pair.
    return json.dumps(document) + "\n"


def read_result(text: str | bytes, where: str) -> Result:
    """Read a result that :func:`sealed` gave.

    Raises:
        JobError: It is none, one of another version, or it is damaged.
    """
    document = opened(text, where, FORMAT, VERSION, "result of a job", _HINT)
    if document.pop("digest", None) != digest(document):
        raise JobError("is damaged: its content is not that of its hash", where=where, hint=_HINT)
    try:
        stage: Any = document.pop("stage")
        return Result(
            stage=from_document(StageResult, stage), **{key: _READ[key](value) for key, value in document.items()}
        )
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError, VerdictError) as error:
        raise JobError(f"is no result of a job: {error}", where=where, hint=_HINT) from None


_READ: Final[Any] = {
    "job": lambda value: msgspec.convert(value, str),
    "infrastructure": lambda value: msgspec.convert(value, tuple[StoreFact, ...]),
    "instances": lambda value: msgspec.convert(value, tuple[InstanceFact, ...]),
    "pairings": lambda value: msgspec.convert(value, tuple[Pairing, ...]),
    "seconds": lambda value: msgspec.convert(value, float, strict=False),
}
