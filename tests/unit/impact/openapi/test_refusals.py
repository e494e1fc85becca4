"""What a schema objects to in a value."""

import json

import pytest

from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.schema import Schema, schema
from servanda.interfaces.openapi.usage.refusals import fits, new_objections
from servanda.patterns import PatternBounds, within

SHORT = PatternBounds(seconds=0.05)
SLOW, VALUE = "^(a|a)*$", "a" * 60 + "!"


def of(pattern: str) -> Schema:
    document = Document(json.dumps({"openapi": "3.1.0", "x": {"type": "string", "pattern": pattern}}), "shop.json")
    node = document.entry.root.get("x")
    assert node is not None
    return schema(node)


def test_a_pattern_that_refuses_now_is_new() -> None:
    assert new_objections(of("^a"), of("^b"), VALUE) == ('pattern: "^b"',)


@pytest.mark.parametrize("unclear", [SLOW, "("])
@pytest.mark.parametrize("clear", ["^a", "^b"])
def test_where_a_pattern_cannot_be_tried_nothing_is_new(unclear: str, clear: str) -> None:
    with within(SHORT):
        assert new_objections(of(unclear), of(clear), VALUE) == ()
    with within(SHORT):
        assert new_objections(of(clear), of(unclear), VALUE) == ()


def test_an_alternative_that_cannot_be_tried_may_be_meant() -> None:
    with within(SHORT):
        assert fits(of(SLOW), VALUE)
