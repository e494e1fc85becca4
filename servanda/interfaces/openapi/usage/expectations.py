"""Expectations of contracts about values of answers: what an objection to an example means by their matching rules."""

from __future__ import annotations

import json
from typing import Final

from servanda.interfaces.openapi.schema import Schema
from servanda.pact.matching.matchers import accepts
from servanda.pact.paths import Path
from servanda.pact.rules import RuleList, Rules

_TYPE: Final = "type"
_ENUM: Final = "enum"
# Rules about what is inside a value: the examples inside are not what has to come.
_ABOUT_PARTS: Final = frozenset({"arrayContains", "eachKey", "eachValue", "ignoreOrder", "values"})


def is_impossible(refused: str, value: object, after: Schema, rules: Rules, path: Path) -> bool:
    """Tell whether nothing that a contract accepts in place of an example can come any more.

    Args:
        refused: The objection to the example, as ``keyword: what it says``.
        value: The example.
        after: The schema that objects.
        rules: The matching rules of the body.
        path: The place of the example in the body.
    """
    keyword = refused.partition(":")[0]
    found = rules.at(path)
    if _is_inside(rules, path):
        return False
    if found is None:
        return True
    if keyword == _TYPE:
        return not found.any_of
    return keyword == _ENUM and not any(accepts(found, value, json.loads(each)) for each in after.values or ())


def _is_inside(rules: Rules, path: Path) -> bool:
    around = (rules.at(path[:count]) for count in range(len(path)))
    return any(found is not None and _is_about_parts(found) for found in around)


def _is_about_parts(found: RuleList) -> bool:
    return any(rule.match in _ABOUT_PARTS for rule in found.rules)
