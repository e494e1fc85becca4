"""What a rule's objection does to those who use the element: one row for each family of rules."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final

from servanda.impact.use import Access
from servanda.verdict import Impact, Transport


class Scope(enum.StrEnum):
    """Whose users are hit."""

    ELEMENT = "element"
    """Users of the element itself."""
    SURROUNDINGS = "surroundings"
    """Users of the element that contains it: of the message of a field, the enum of a value, the service of an rpc."""
    FILE = "file"
    """Users of anything in the file, or in the package."""


class When(enum.StrEnum):
    """On what the effect depends besides."""

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
    IF_LEFT_OUT = "if-left-out"
    """Breaks those who write what contains the element without the element itself."""
    IF_REFUSED = "if-refused"
    """Breaks those one of whose examples was accepted and is refused now; what else they send nobody knows."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one family of changes does to consumers.

    Attributes:
        numbered: Impact on those who know the element by its number, as over gRPC and Kafka.
        named: Impact on those who know it by its name, as in JSON and in field masks.
        accesses: Uses that count; all if empty.
        transports: Transports that count; all if empty.
        scope: Whose users are hit.
        nearby: Impact on users of what contains the element who are not known to use the element itself.
        when: What decides between ``numbered``/``named`` and merely :attr:`Impact.POTENTIALLY_AFFECTED`.
    """

    numbered: Impact
    named: Impact
    accesses: frozenset[Access] = frozenset()
    transports: frozenset[Transport] = frozenset()
    scope: Scope = Scope.ELEMENT
    nearby: Impact | None = None
    when: When = When.ALWAYS


_BROKEN, _MAYBE = Impact.BROKEN, Impact.POTENTIALLY_AFFECTED
_HTTP: Final = frozenset({Transport.HTTP})
_KAFKA: Final = frozenset({Transport.KAFKA})
_WRITE: Final = frozenset({Access.WRITE})
_READ: Final = frozenset({Access.READ})
_CALL: Final = frozenset({Access.CALL})
_OMIT: Final = frozenset({Access.OMIT})
_AROUND: Final = Scope.SURROUNDINGS

# The first row whose expression matches the identifier of a rule counts.
_ROWS: Final = (
    ("FIELD_NO_DELETE.*", Effect(_BROKEN, _BROKEN, when=When.IF_NAME_GONE)),
    ("FIELD_SAME_NAME", Effect(_MAYBE, _BROKEN, when=When.IF_NAME_MOVED)),
    ("ENUM_VALUE_SAME_NAME", Effect(_MAYBE, _BROKEN)),
    ("FIELD_SAME_JSON_NAME", Effect(Impact.UNAFFECTED, _BROKEN, when=When.IF_JSON_NAME_GONE)),
    ("FIELD_(SAME|WIRE.*)_(TYPE|CARDINALITY)", Effect(_BROKEN, _BROKEN, when=When.IF_BYTES_DIFFER)),
    ("ENUM_VALUE_NO_DELETE.*", Effect(_BROKEN, _BROKEN, nearby=_MAYBE)),
    ("RPC_NO_DELETE|RPC_SAME_.*_(TYPE|STREAMING)", Effect(_BROKEN, _BROKEN)),
    ("MESSAGE_SAME_REQUIRED_FIELDS", Effect(_BROKEN, _BROKEN, scope=_AROUND)),
    ("RESERVED_.*|EXTENSION_MESSAGE_NO_DELETE", Effect(_MAYBE, _MAYBE)),
    ("(FILE|PACKAGE)_NO_DELETE|FILE_SAME_PACKAGE", Effect(_BROKEN, _BROKEN, scope=Scope.FILE, when=When.IF_GONE)),
    ("FILE_SAME_.*", Effect(_MAYBE, _MAYBE, scope=Scope.FILE)),
    ("ONEOF_NO_DELETE", Effect(_MAYBE, _MAYBE)),
    ("HTTP_ADDITIONAL_BINDING_NO_DELETE|HTTP_ROUTE_NO_SHADOW", Effect(_MAYBE, _MAYBE, transports=_HTTP)),
    (
        "HTTP_SAME_(PATH|VERB)|HTTP_RULE_NO_DELETE",
        Effect(_BROKEN, _BROKEN, transports=_HTTP, when=When.IF_ADDRESS_GONE),
    ),
    ("HTTP_.*", Effect(_BROKEN, _BROKEN, transports=_HTTP)),
    (
        "VALIDATION_(PRESENCE|ONEOF)_INPUT_.*|VALIDATION_NEW_FIELD_.*|BEHAVIOR_NO_(BECOME|NEW)_REQUIRED.*",
        Effect(_BROKEN, _BROKEN, accesses=_WRITE, when=When.IF_LEFT_OUT),
    ),
    ("VALIDATION_.*_INPUT_.*", Effect(_BROKEN, _BROKEN, accesses=_WRITE, when=When.IF_REFUSED)),
    ("VALIDATION_.*_OUTPUT_.*", Effect(_MAYBE, _MAYBE, accesses=_READ)),
    ("BEHAVIOR_(SAME_OUTPUT_ONLY|NO_BECOME_IMMUTABLE)", Effect(_MAYBE, _MAYBE, accesses=_WRITE)),
    ("BEHAVIOR_(SAME_INPUT_ONLY|NO_BECOME_UNORDERED)", Effect(_MAYBE, _MAYBE, accesses=_READ)),
    ("BEHAVIOR_NEW_FIELD_.*", Effect(_MAYBE, _MAYBE, accesses=_WRITE, scope=_AROUND)),
    ("DIRECTION_.*_NO_ADD_IF_READ", Effect(_MAYBE, _MAYBE, accesses=_READ, scope=_AROUND)),
    ("DIRECTION_.*_NO_DELETE_IF_WRITTEN", Effect(_BROKEN, _BROKEN, accesses=_WRITE, nearby=_MAYBE)),
    ("DEPRECATION_.*", Effect(_MAYBE, _MAYBE)),
    ("EVENT_SAME_TOPIC|EVENT_OPTION_NO_DELETE|EVENT_TYPE_.*", Effect(_BROKEN, _BROKEN, transports=_KAFKA)),
    ("EVENT_.*", Effect(_MAYBE, _MAYBE, transports=_KAFKA)),
    ("OPENAPI_(PATH|OPERATION)_NO_DELETE", Effect(_BROKEN, _BROKEN, accesses=_CALL)),
    (
        "OPENAPI_(PATH_PARAMETER_SAME_NAME|OPERATION_SAME_ID|SECURITY_SAME_SCHEME|RESPONSE_SUCCESS_NO_ADD)",
        Effect(_MAYBE, _MAYBE, accesses=_CALL),
    ),
    ("OPENAPI_(SECURITY|SERVER)_.*", Effect(_BROKEN, _BROKEN, accesses=_CALL, when=When.IF_REFUSED)),
    ("OPENAPI_.*_NO_NEW_REQUIRED", Effect(_BROKEN, _BROKEN, accesses=_OMIT)),
    ("OPENAPI_REQUEST_SAME_DEFAULT", Effect(_MAYBE, _MAYBE, accesses=_OMIT)),
    (
        "OPENAPI_(PARAMETER|REQUEST_(BODY|MEDIA_TYPE|PROPERTY))_NO_DELETE",
        Effect(_BROKEN, _BROKEN, accesses=_WRITE),
    ),
    (
        "OPENAPI_REQUEST_(TYPE|ENUM|LIMIT|ADDITIONAL_PROPERTIES|ALTERNATIVE)_.*",
        Effect(_BROKEN, _BROKEN, accesses=_WRITE, when=When.IF_REFUSED),
    ),
    ("OPENAPI_(PARAMETER|REQUEST)_.*", Effect(_MAYBE, _MAYBE, accesses=_WRITE)),
    ("OPENAPI_RESPONSE_(MEDIA_TYPE|PROPERTY)_NO_DELETE", Effect(_BROKEN, _BROKEN, accesses=_READ)),
    (
        "OPENAPI_RESPONSE_(NO_DELETE|HEADER_.*|TYPE_.*)",
        Effect(_BROKEN, _BROKEN, accesses=_READ, when=When.IF_REFUSED),
    ),
    ("OPENAPI_RESPONSE_.*", Effect(_MAYBE, _MAYBE, accesses=_READ)),
    (".*_NO_DELETE", Effect(_BROKEN, _BROKEN, when=When.IF_GONE)),
)
_ELSE: Final = Effect(_MAYBE, _MAYBE)


def effect_of(rule: str) -> Effect:
    """The effect of what this rule objects to; of a rule without a row: its users may be affected."""
    return next((effect for expression, effect in _ROWS if re.fullmatch(expression, rule)), _ELSE)
