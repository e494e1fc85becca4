"""The bounds within which everything ends: the table ``[limits]``."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from servanda.configuration.forms import above_zero
from servanda.configuration.shape import Form, Key, Shape
from servanda.patterns import PatternBounds
from servanda.processes import OutputBounds

_MIB = 1 << 20
# What timers and libraries can count: a week, and what fits into 32 bits with a sign. Python itself counts memory.
_MOST_SECONDS = 604_800
_MOST_PIECES = (1 << 31) - 1
_MOST = MappingProxyType({"memory_bytes": 1 << 50, "log_bytes": 1 << 50})


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of time, in seconds, and of size, in bytes or pieces; :data:`LIMITS` says what each of them bounds.

    The defaults are far above what honest inputs need. Whatever reaches one ends with a message that names it.
    """

    gate_seconds: float = 1800.0
    verify_seconds: float = 1800.0
    versions_seconds: float = 3600.0
    jobs_seconds: float = 14_400.0
    job_seconds: float = 3600.0
    check_seconds: float = 600.0
    command_seconds: float = 900.0
    migrate_seconds: float = 60.0
    ready_seconds: float = 60.0
    answer_seconds: float = 10.0
    answer_bytes: int = 64 * _MIB
    state_seconds: float = 30.0
    event_seconds: float = 10.0
    settle_seconds: float = 2.0
    event_records: int = 10_000
    event_bytes: int = 256 * _MIB
    matching_seconds: float = 30.0
    pattern_seconds: float = 1.0
    pattern_characters: int = 10_000
    archive_members: int = 100_000
    archive_bytes: int = 1024 * _MIB
    image_bytes: int = 256 * _MIB
    memory_bytes: int = 4096 * _MIB
    log_bytes: int = 256 * _MIB
    line_bytes: int = 16 * 1024
    schema_cases: int = 1_000
    schema_steps: int = 1_000
    schema_judgements: int = 300_000

    @property
    def output(self) -> OutputBounds:
        """Return the limits on the output of processes."""
        return OutputBounds(self.line_bytes, self.log_bytes)

    @property
    def patterns(self) -> PatternBounds:
        """Return the limits on regular expressions."""
        return PatternBounds(self.pattern_seconds, self.pattern_characters, matching_seconds=self.matching_seconds)


DEFAULT_LIMITS = Limits()


_BOUNDED: Final = MappingProxyType(
    {
        "gate_seconds": "a whole `gate`",
        "verify_seconds": "a whole `verify`",
        "versions_seconds": "a whole `versions`",
        "jobs_seconds": "all jobs of `jobs run`, wherever they run",
        "job_seconds": "one attempt of one job",
        "check_seconds": "a whole `check`, `usage`, `unused`, `import-usage`, `release` or `waive`",
        "command_seconds": "each command of the repository: `record`, end-to-end tests, `up.seed`, `versions.build`",
        "migrate_seconds": "the migration of one service",
        "ready_seconds": "time from the start of a service until it is ready",
        "answer_seconds": "time from a request until the last byte of its answer",
        "answer_bytes": "headers of an answer, and its body, decompressed",
        "state_seconds": "one provider state, and opening the context of its handlers",
        "event_seconds": "time from the last provider state until the event appears",
        "settle_seconds": "time to wait for another event after one that does not satisfy the contract",
        "event_records": "records that are compared while waiting for an event",
        "event_bytes": "bytes of all these records together",
        "matching_seconds": "comparing one answer, or all events of one interaction, with the contract",
        "pattern_seconds": "all regular expressions of one interaction, or of one check, together",
        "pattern_characters": "length of one regular expression",
        "archive_members": "files in an archive, with ignored files",
        "archive_bytes": "unpacked size of an archive, with ignored files; of a zip file without them",
        "image_bytes": "size of an image, decompressed",
        "memory_bytes": "memory of `check`, `usage`, `unused` and `release`, of the stage `interfaces` of a `gate`, "
        "and of each tool that these run; on Linux",
        "log_bytes": "log of one service, with its older half in `.log.1`; older lines are deleted",
        "line_bytes": "one line of output; a longer line is truncated where it is shown",
        "schema_cases": "alternatives of one schema of an OpenAPI document, all combinations counted; a choice with "
        "more is compared as it is written",
        "schema_steps": "pairs of schemas that are compared to decide whether one of two admits all that the other one "
        "does",
        "schema_judgements": "schemas that are asked whether they admit an example, for all requests of a document and "
        "for all its responses",
    }
)


def _form(name: str, default: object) -> Form:
    whole = isinstance(default, int)
    return above_zero(_MOST.get(name, _MOST_PIECES) if whole else _MOST_SECONDS, whole=whole)


LIMITS: Final = Shape(
    Limits,
    tuple(
        Key(each.name, _form(each.name, each.default), _BOUNDED[each.name], default=each.default)
        for each in dataclasses.fields(Limits)
    ),
)
"""Each limit with what it bounds, its default and the largest value."""
