"""The effect of a change on consumers, by what they do with the element."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Final

from servanda.verdict import Impact, Transport


class Access(enum.StrEnum):
    """An act of a consumer on an element."""

    READ = "read"
    """Takes it out of a response or an event."""
    WRITE = "write"
    """Puts it into a request."""
    CALL = "call"
    """Calls it, of a service, an rpc or an HTTP operation."""
    OMIT = "omit"
    """Leaves it out of a request that may hold it."""


class Scope(enum.StrEnum):
    """The part of the interface whose users are hit."""

    ELEMENT = "element"
    """Users of the element itself."""
    SURROUNDINGS = "surroundings"
    """Users of the element that contains it: of the message of a field, the enum of a value, the service of an rpc."""
    CHOICE = "choice"
    """Users of the oneof that has the element as a member."""
    FILE = "file"
    """Users of anything in the file, or in the package."""


class When(enum.StrEnum):
    """The condition on which a use breaks; where it does not hold, the use is potentially affected."""

    ALWAYS = "always"
    IF_GONE = "if-gone"
    """Breaks if the name is gone from the interface; if it only moved, generated code moves with it."""
    IF_BYTES_DIFFER = "if-bytes-differ"
    """Breaks where the encoding changes: of the binary form, of JSON, or of both."""
    IF_NAME_GONE = "if-name-gone"
    """Breaks those who know the name only if no field has it any more."""
    IF_NAME_MOVED = "if-name-moved"
    """The same; and breaks those who know the number if it now stands for a field that had another number."""
    IF_JSON_NAME_GONE = "if-json-name-gone"
    """Breaks those who know the name only if no field is called so in JSON any more."""
    IF_ADDRESS_GONE = "if-address-gone"
    """Breaks unless the same requests still mean the same rpc."""
    IF_REPLAY_FAILS = "if-replay-fails"
    """Breaks unless what was recorded still works when it is replayed."""
    IF_EXPECTED = "if-expected"
    """Breaks those whose contract expects a key or a header of an event that is another now, or gone."""
    IF_IGNORED = "if-ignored"
    """Breaks if what callers write there takes no effect any more."""
    IF_LEFT_OUT = "if-left-out"
    """Breaks those who write what contains the element without the element itself."""
    IF_REFUSED = "if-refused"
    """Breaks those one of whose requests was accepted and is refused now, with the element or without it; what else
    they send nobody knows."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The impact of a change on a use of the changed element.

    Attributes:
        numbered: Impact on those who know the element by its number, as over gRPC and Kafka.
        named: Impact on those who know it by its name, as in JSON and in field masks.
        accesses: Uses that count; all if empty.
        transports: Transports that count; all if empty.
        scope: Whose users are hit.
        nearby: Impact on users of what contains the element who are not known to use the element itself.
        when: Decides between ``numbered``/``named`` and merely :attr:`Impact.POTENTIALLY_AFFECTED`.
        constraints: Constraints by name, one of which refuses an example of a use that breaks; see ``IF_REFUSED``.
    """

    numbered: Impact
    named: Impact
    accesses: frozenset[Access] = frozenset()
    transports: frozenset[Transport] = frozenset()
    scope: Scope = Scope.ELEMENT
    nearby: Impact | None = None
    when: When = When.ALWAYS
    constraints: frozenset[str] = frozenset()


READ: Final = frozenset({Access.READ})
WRITE: Final = frozenset({Access.WRITE})
CALL: Final = frozenset({Access.CALL})
OMIT: Final = frozenset({Access.OMIT})
OVER_HTTP: Final = frozenset({Transport.HTTP})
OVER_KAFKA: Final = frozenset({Transport.KAFKA})

BREAKS_USERS: Final = Effect(Impact.BROKEN, Impact.BROKEN)
BREAKS_USERS_IF_REPLAY_FAILS: Final = replace(BREAKS_USERS, when=When.IF_REPLAY_FAILS)
BREAKS_USERS_IF_GONE: Final = replace(BREAKS_USERS, when=When.IF_GONE)
BREAKS_READERS: Final = replace(BREAKS_USERS, accesses=READ)
BREAKS_WRITERS: Final = replace(BREAKS_USERS, accesses=WRITE)
BREAKS_CALLERS: Final = replace(BREAKS_USERS, accesses=CALL)
BREAKS_THOSE_WHO_OMIT: Final = replace(BREAKS_USERS, accesses=OMIT)
BREAKS_WRITERS_WHO_OMIT: Final = replace(BREAKS_WRITERS, when=When.IF_LEFT_OUT)
MAY_AFFECT_USERS: Final = Effect(Impact.POTENTIALLY_AFFECTED, Impact.POTENTIALLY_AFFECTED)
MAY_AFFECT_READERS: Final = replace(MAY_AFFECT_USERS, accesses=READ)
MAY_AFFECT_WRITERS: Final = replace(MAY_AFFECT_USERS, accesses=WRITE)
MAY_AFFECT_CALLERS: Final = replace(MAY_AFFECT_USERS, accesses=CALL)
MAY_AFFECT_USERS_OF_FILE: Final = replace(MAY_AFFECT_USERS, scope=Scope.FILE)


def refused_if_left_out(*constraints: str) -> Effect:
    """Return the effect of a change that breaks those who leave out what one of these constraints demands."""
    return replace(BREAKS_WRITERS_WHO_OMIT, constraints=frozenset(constraints))


def refused(accesses: frozenset[Access], *constraints: str) -> Effect:
    """Return the effect of a change that breaks those whose examples one of these constraints refuses now."""
    return Effect(Impact.BROKEN, Impact.BROKEN, accesses, when=When.IF_REFUSED, constraints=frozenset(constraints))
