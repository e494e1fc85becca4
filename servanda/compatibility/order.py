"""For each rule, which side does not understand the other; with who reads and who writes, which side comes first.

Of a response or an event the provider is the writer and consumers are the readers; of a request it is the other way
round. A side that breaks must not meet the other one, so it must be gone, or not be there yet, when the other changes.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from servanda.compatibility.comparison import Breach
from servanda.compatibility.reachability import Use
from servanda.verdict import DeployOrder, Transition


class Breaks(enum.Flag):
    """Which reader does not understand the writer of the other version."""

    NONE = 0
    OLD_READER = enum.auto()
    NEW_READER = enum.auto()
    BOTH = OLD_READER | NEW_READER


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule's change breaks.

    Attributes:
        read: Where consumers read the element.
        written: Where consumers write it; a call is something that they write.
    """

    read: Breaks = Breaks.NONE
    written: Breaks = Breaks.NONE


_SOURCE_ONLY = Facts()
_FORM = Facts(Breaks.BOTH, Breaks.BOTH)
# Who still uses what is gone gets nothing, or is ignored; who left it is safe with both.
_GONE = Facts(read=Breaks.OLD_READER, written=Breaks.NEW_READER)
_SURPRISE_FOR_READERS = Facts(read=Breaks.OLD_READER)
_REFUSAL = Facts(written=Breaks.NEW_READER)
_UNKNOWN_VALUE = Facts(read=Breaks.NEW_READER, written=Breaks.NEW_READER)

_EXACT: Mapping[str, Facts] = MappingProxyType(
    {
        "FILE_SAME_PACKAGE": _FORM,
        "FILE_SAME_SYNTAX": _FORM,
        "FIELD_SAME_JSTYPE": _SOURCE_ONLY,
        "FIELD_SAME_CPP_STRING_TYPE": _SOURCE_ONLY,
        "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR": _SOURCE_ONLY,
        # One of the members that are set is dropped by who knows the oneof.
        "ONEOF_NO_DELETE": Facts(Breaks.OLD_READER, Breaks.OLD_READER),
        "RPC_NO_DELETE": _REFUSAL,
        "SERVICE_NO_DELETE": _REFUSAL,
        "PACKAGE_SERVICE_NO_DELETE": _REFUSAL,
        "RPC_SAME_REQUEST_TYPE": Facts(written=Breaks.BOTH),
        "RPC_SAME_RESPONSE_TYPE": Facts(read=Breaks.BOTH),
        "RPC_SAME_IDEMPOTENCY_LEVEL": _REFUSAL,
        "HTTP_RULE_NO_DELETE": _REFUSAL,
        "HTTP_ADDITIONAL_BINDING_NO_DELETE": _REFUSAL,
        "HTTP_ROUTE_NO_SHADOW": _REFUSAL,
        "HTTP_SAME_VERB": Facts(written=Breaks.BOTH),
        "HTTP_SAME_PATH": Facts(written=Breaks.BOTH),
        "HTTP_SAME_BODY": Facts(written=Breaks.BOTH),
        "HTTP_SAME_RESPONSE_BODY": Facts(read=Breaks.BOTH),
        "BEHAVIOR_SAME_INPUT_ONLY": _SURPRISE_FOR_READERS,
        "BEHAVIOR_NO_BECOME_UNORDERED": _SURPRISE_FOR_READERS,
        "BEHAVIOR_SAME_NON_EMPTY_DEFAULT": _GONE,
        "BEHAVIOR_SAME_IDENTIFIER": _FORM,
        "BEHAVIOR_SAME_PRESENCE": _FORM,
        "BEHAVIOR_SAME_DEFAULT": _FORM,
        "BEHAVIOR_SAME_DOCUMENTED_DEFAULT": _FORM,
        "DIRECTION_ENUM_VALUE_NO_DELETE_IF_WRITTEN": _REFUSAL,
        "DEPRECATION_BEFORE_DELETE": _GONE,
        "DEPRECATION_SUNSET_BEFORE_DELETE": _GONE,
        "EVENT_HEADER_NO_ADD": Facts(read=Breaks.NEW_READER),
        "EVENT_SAME_TOPIC": Facts(read=Breaks.BOTH),
        "EVENT_SAME_KEY": Facts(read=Breaks.BOTH),
        "EVENT_TYPE_NO_DELETE": Facts(read=Breaks.BOTH),
        "OPENAPI_OPERATION_SAME_ID": _SOURCE_ONLY,
        "OPENAPI_PATH_PARAMETER_SAME_NAME": _SOURCE_ONLY,
        "OPENAPI_PARAMETER_SAME_STYLE": Facts(written=Breaks.BOTH),
        "OPENAPI_SECURITY_SAME_SCHEME": Facts(written=Breaks.BOTH),
        "OPENAPI_REQUEST_SAME_DEFAULT": Facts(written=Breaks.BOTH),
        "OPENAPI_REQUEST_SAME_KEYWORD": Facts(written=Breaks.BOTH),
        "OPENAPI_RESPONSE_SAME_KEYWORD": Facts(read=Breaks.BOTH),
        "OPENAPI_RESPONSE_LIMIT_NO_TIGHTEN": Facts(read=Breaks.NEW_READER),
    }
)
# By how an identifier begins; the first that fits counts, so that longer ones come before shorter ones.
_FAMILIES: tuple[tuple[str, Facts], ...] = (
    ("FILE_SAME_", _SOURCE_ONLY),
    ("RESERVED_", _SOURCE_ONLY),
    ("ENUM_VALUE_NO_DELETE", _UNKNOWN_VALUE),
    ("FILE_NO_DELETE", _GONE),
    ("PACKAGE_", _GONE),
    ("MESSAGE_NO_DELETE", _GONE),
    ("ENUM_NO_DELETE", _GONE),
    ("EXTENSION_", _GONE),
    ("FIELD_NO_DELETE", _GONE),
    ("FIELD_", _FORM),
    ("MESSAGE_SAME_", _FORM),
    ("ENUM_", _FORM),
    ("RPC_SAME_", _FORM),
    ("VALIDATION_NEW_FIELD_", _REFUSAL),
    ("BEHAVIOR_", _REFUSAL),
    ("DIRECTION_", _SURPRISE_FOR_READERS),
    ("DEPRECATION_", _SOURCE_ONLY),
    ("EVENT_", _SURPRISE_FOR_READERS),
    ("OPENAPI_RESPONSE_", _SURPRISE_FOR_READERS),
    ("OPENAPI_", _REFUSAL),
)


def facts(rule: str) -> Facts:
    """What the change that a rule objects to breaks.

    Raises:
        KeyError: There is no such rule.
    """
    if rule in _EXACT:
        return _EXACT[rule]
    if rule.endswith("_INPUT_NO_TIGHTEN"):
        return _REFUSAL
    if rule.endswith("_OUTPUT_NO_LOOSEN"):
        return _SURPRISE_FOR_READERS
    for prefix, found in _FAMILIES:
        if rule.startswith(prefix):
            return found
    raise KeyError(rule)


def transition(facts: Facts, use: Use) -> Transition:
    """What happens while only one side has the change, if consumers use the element in this way."""
    broken, first = Breaks.NONE, set[DeployOrder]()
    if use & Use.READ:
        broken |= facts.read
        first |= _first(facts.read, DeployOrder.CONSUMERS_FIRST, DeployOrder.PROVIDER_FIRST)
    if use & Use.WRITTEN:
        broken |= facts.written
        first |= _first(facts.written, DeployOrder.PROVIDER_FIRST, DeployOrder.CONSUMERS_FIRST)
    order = DeployOrder.NONE if len(first) > 1 else next(iter(first), DeployOrder.ANY)
    return Transition(not broken & Breaks.OLD_READER, not broken & Breaks.NEW_READER, order)


def transition_of(breach: Breach) -> Transition:
    """What happens while only one side has the change of a breach, by who uses its element in either state."""
    element = breach.objection.element
    before, after = breach.comparison.reach
    return transition(facts(breach.rule.id), before.around(element) | after.around(element))


def _first(breaks: Breaks, readers: DeployOrder, writers: DeployOrder) -> set[DeployOrder]:
    """Old readers that break have to change first; new readers that break have to wait for the writers."""
    first = {readers} if breaks & Breaks.OLD_READER else set()
    return first | ({writers} if breaks & Breaks.NEW_READER else set())
