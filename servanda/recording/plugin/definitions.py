"""Definitions of a field by a consumer: an example, an expression, or a matcher object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from servanda.errors import RecordingError
from servanda.recording.plugin import expressions
from servanda.recording.plugin.expressions import Definition

MATCHER: Final = "pact:matcher:type"
GENERATOR: Final = "pact:generator:type"
MATCH: Final = "pact:match"

_OWN: Final = frozenset({MATCHER, GENERATOR, "value", "expression", "dataType"})


def is_matcher(value: object) -> bool:
    """Tell whether a value is a matcher object, as the matchers of the Pact library are sent."""
    return isinstance(value, Mapping) and (MATCHER in value or GENERATOR in value)


def define(value: object) -> Definition:
    """Return what a value says.

    Raises:
        RecordingError: It is an expression or a matcher that cannot be read.
    """
    if isinstance(value, str) and expressions.is_expression(value):
        return expressions.parse(value)
    if isinstance(value, Mapping) and is_matcher(value):
        return _of_matcher(value)
    return Definition(value)


def _of_matcher(matcher: Mapping[str, object]) -> Definition:
    kind = matcher.get(MATCHER)
    if isinstance(kind, list):
        parts = [_of_matcher(part) for part in kind if isinstance(part, Mapping)]
        example = next((part.value for part in parts if part.value is not None), matcher.get("value"))
        return Definition(example, tuple(rule for part in parts for rule in part.rules))
    generator = _generator(matcher)
    if kind is None:
        return Definition(matcher.get("value"), (), generator)
    rule: dict[str, object] = {"match": kind}
    rule |= {name: entry for name, entry in matcher.items() if name not in _OWN and entry is not None}
    if kind in ("include", "contentType"):
        rule["value"] = matcher.get("value")
    if isinstance(matcher.get("rules"), list):
        rule["rules"] = [inner for entry in _list(matcher["rules"]) for inner in define(entry).rules]
    if kind == "arrayContains":
        raise RecordingError("'arrayContains' is not supported for protobuf fields", hint="use each_like")
    if "value" not in matcher and kind != "null":
        raise RecordingError(f"the matcher '{kind}' has no example", hint="give it a value")
    return Definition(matcher.get("value"), (rule,), generator)


def _generator(matcher: Mapping[str, object]) -> Mapping[str, object]:
    if GENERATOR not in matcher:
        return {}
    kept = {name: matcher[name] for name in ("expression", "dataType") if name in matcher}
    return {"type": matcher[GENERATOR], **kept}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def written(value: object) -> object:
    """Return the value as the ``expectations`` of the pact keep it: examples in place of matcher objects."""
    if is_matcher(value):
        return written(define(value).value)
    if isinstance(value, Mapping):
        return {name: written(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [written(entry) for entry in value]
    return value
