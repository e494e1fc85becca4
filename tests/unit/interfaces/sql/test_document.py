"""A document of statements reads back, says the same however it was recorded, and refuses what it does not know."""

import json
from pathlib import Path

import jsonschema
import pytest

from servanda.errors import ContractError
from servanda.interfaces.sql.document import Recorded, Statements, dump, merged, parse

ONE = Recorded("SELECT 1 FROM users WHERE a = $1", ("a.py:3", "b.py:9"), (1,), ("shop.users.a",), (), ())
TWO = Recorded("DELETE FROM users", ("a.py:4",))
DOCUMENT = Statements("shop", "", {"0001.sql": "0" * 64}, (TWO, ONE), "shop.json")
SCHEMA = json.loads(Path("docs/reference/sql.schema.json").read_text(encoding="utf-8"))


def test_a_document_reads_back() -> None:
    assert parse(dump(DOCUMENT).encode(), "shop.json", "") == DOCUMENT


def test_a_document_obeys_the_published_schema() -> None:
    jsonschema.validate(json.loads(dump(DOCUMENT)), SCHEMA)


def test_the_order_of_recording_does_not_show() -> None:
    other = Statements("shop", "", DOCUMENT.migrations, (ONE, TWO))

    assert dump(other) == dump(DOCUMENT)


def test_two_recordings_of_one_statement_are_one_with_all_callers() -> None:
    found = merged([Recorded("SELECT 1", ("b.py:1",), (2,)), Recorded("SELECT 1", ("a.py:1",), (1,))])

    assert found == (Recorded("SELECT 1", ("a.py:1", "b.py:1"), (1, 2)),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": 2}', "shop.json:1:1: no document of statements of format 1, found 2"),
        ("{}", "shop.json:1:1: no document of statements of format 1, found none"),
        ('{"format": 1}', "'service' is missing"),
        ('{"format": 1, "service": "shop", "extra": 1}', "unknown key 'extra'"),
        ('{"format": 1, "service": "shop", "statements": [{"sql": ""}]}', "'sql' is missing"),
        ('{"format": 1, "service": "shop", "statements": [{"sql": "x", "nulls": ["1"]}]}', "expected an integer"),
    ],
)
def test_what_is_no_such_document_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ContractError) as caught:
        parse(text.encode(), "shop.json", "")

    assert told in str(caught.value)
