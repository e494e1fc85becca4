"""Schemas that nobody writes: the error says what is wrong, or the comparison goes on."""

from __future__ import annotations

from typing import Any

import pytest

from servanda.errors import InterfaceError
from tests.unit.interfaces.openapi.admission.test_composition import found, rules

HUGE = 10**4000
OPEN = {"type": ["object", "array", "string"]}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param({"maximum": HUGE}, "expected a number of at most about 1.8e308, found 1000", id="a huge maximum"),
        pytest.param({"minimum": -HUGE}, "expected a number of at most about 1.8e308, found -100", id="a huge minimum"),
        pytest.param({"minLength": HUGE}, "expected a number of at most about 1.8e308", id="a huge length"),
        pytest.param({"minLength": True}, "expected a number, found true", id="a truth value as a length"),
        pytest.param({"multipleOf": -1}, "expected a number above zero, found -1", id="a negative step"),
        pytest.param({"format": ["date"]}, "expected a string, found", id="a list as a format"),
        pytest.param({"$ref": 5}, "expected a reference as a string, found 5", id="a number as a reference"),
        pytest.param({"not": {"format": ["date"]}}, "expected a string, found", id="a list as a format in not"),
        pytest.param({"not": {"required": True}}, "expected an array of strings, found true", id="required in not"),
        pytest.param({"not": {"dependentRequired": [1]}}, "expected an object, found", id="a list in not"),
        pytest.param(
            {"not": {"contains": {}, "minContains": "x"}},
            'expected a number, found "x"',
            id="a text as a number in not",
        ),
    ],
)
def test_an_impossible_keyword_is_an_error(schema: Any, expected: str) -> None:
    with pytest.raises(InterfaceError, match="expected") as error:
        found({"anyOf": [OPEN]}, {"anyOf": [{**OPEN, **schema}, {"type": "null"}]}, "REQUEST")
    assert expected in str(error.value)


def test_listed_numbers_may_be_huge() -> None:
    assert rules({"enum": [HUGE, 1]}, {"enum": [1]}, "REQUEST") == ["ENUM_NO_DELETE"]
    assert found({"enum": [HUGE, 1]}, {"type": "integer"}, "REQUEST") == []
    assert rules({"enum": [HUGE, 1]}, {"type": "integer", "minimum": 5}, "REQUEST")
