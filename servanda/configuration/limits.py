"""The bounds within which everything ends."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from types import MappingProxyType

from servanda.documents import Table, Value
from servanda.patterns import PatternBounds
from servanda.processes import OutputBounds

_MIB = 1 << 20
# What timers and libraries can count: a week, and what fits into 32 bits with a sign. Python itself counts memory.
_MOST_SECONDS = 604_800
_MOST_PIECES = (1 << 31) - 1
_MOST = MappingProxyType({"memory_bytes": 1 << 50, "log_bytes": 1 << 50})


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of time, in seconds, and of size, in bytes or pieces.

    The defaults are far above what honest inputs need. Whatever reaches one ends with a message that names it.

    Attributes:
        gate_seconds: For a whole ``gate``.
        verify_seconds: For a whole ``verify``.
        check_seconds: For a whole ``check``, ``usage``, ``unused``, ``release`` or ``waive``.
        command_seconds: For each command of the repository: ``record`` and the journeys.
        migrate_seconds: For the migration of one service.
        ready_seconds: From the start of a service until it is ready.
        answer_seconds: From a request until the last byte of its answer.
        answer_bytes: For the headers of an answer, and for its body, decompressed.
        state_seconds: For one provider state to become true, and for the context of its handlers to open.
        event_seconds: From the last provider state until the event appears.
        settle_seconds: How much longer to look for another event after one that does not satisfy the contract.
        event_records: Records that are compared while an event is waited for.
        event_bytes: Bytes of all these records together.
        matching_seconds: For comparing one answer, or all events of one interaction, with the contract.
        pattern_seconds: For all regular expressions of one interaction, or of one check, together.
        pattern_characters: For one regular expression.
        archive_members: Files in an archive, wanted or not.
        archive_bytes: For all that an archive unpacks to, wanted or not; of a zip file for what is wanted.
        image_bytes: For an image, decompressed.
        memory_bytes: For ``check``, ``usage``, ``unused`` and ``release``, for the interfaces in a ``gate``, and for
            each tool that they run; on Linux.
        log_bytes: For the log of one service, with the older half of it beside it; what is older than that is gone.
        line_bytes: For one line of output; the rest of a longer one is left out where it is shown.
        schema_cases: Cases of one schema of an OpenAPI document, from all its alternatives together; more of them are
            compared as they are written.
        schema_steps: Pairs of schemas that are looked at to tell whether one of two admits all that the other one does.
        schema_judgements: Schemas that are asked whether they admit an example, on each side of the calls of one
            document.
    """

    gate_seconds: float = 1800.0
    verify_seconds: float = 1800.0
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


def limits_of(table: Table) -> Limits:
    """Read the table ``[limits]``.

    Raises:
        ConfigurationError: A limit is unknown, is no number above zero, is one of pieces and no whole number, or is
            more than can be counted.
    """
    known = {field.name: field.default for field in dataclasses.fields(Limits)}
    chosen = {name: _limit(table.get(name), default, _most(name, default)) for name, default in known.items()}
    table.close()
    return Limits(**chosen)  # type: ignore[arg-type]  # each of the type of its default


def _most(name: str, default: object) -> int:
    return _MOST.get(name, _MOST_PIECES) if isinstance(default, int) else _MOST_SECONDS


def _limit(found: Value | None, default: object, most: int) -> object:
    if found is None:
        return default
    whole, number = isinstance(default, int), found.raw
    expected = f"a {'whole ' if whole else ''}number above zero, at most {most:,}"
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise found.unexpected(expected)
    # Without bounds means without an end: "inf" and "nan" are numbers to TOML.
    if not 0 < number <= most or (whole and int(number) != number):
        raise found.unexpected(expected)
    return int(number) if whole else number
