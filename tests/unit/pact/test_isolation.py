"""What is no JSON in one interaction does not cost the others of its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servanda.errors import ContractError
from servanda.pact import PactFile, load, load_readable

GOOD = {"description": "good", "request": {"method": "GET", "path": "/"}, "response": {"status": 200}}
HEAD = '{"consumer": {"name": "web"}, "provider": {"name": "shop"}, "interactions": [\n'
TAIL = f', {json.dumps({**GOOD, "description": "last"})}], "metadata": {{}}}}'


def read(folder: Path, bad: str, head: str = HEAD, tail: str = TAIL) -> PactFile:
    path = folder / "web-shop.json"
    path.write_bytes(f"{head}{json.dumps(GOOD)},\n{bad}{tail}".encode("utf-8", "surrogateescape"))
    return load_readable(path)


def with_body(body: str) -> str:
    request = '"request": {"method": "GET", "path": "/"}'
    return f'{{"description": "bad", {request}, "response": {{"status": 200, "body": {body}}}}}'


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (with_body("[" * 3000 + "]" * 3000), "nested more than 100 levels deep"),
        (with_body("[" * 97 + "]" * 97), "nested more than 100 levels deep"),
        (with_body('{"a": 1, "a": 2}'), "duplicate key 'a', first at 3:104"),
        (with_body("NaN"), "NaN is not a JSON number"),
        (with_body("1e999"), "the number 1e999 is too large"),
        (with_body("1" * 5000), "an integer of 5,000 digits"),
        (with_body('"\\ud800"'), "a string holds an unpaired surrogate"),
        (with_body('"\udcff"'), "expected UTF-8, found the byte 0xff"),
        (with_body("[1 2]"), "invalid JSON"),
    ],
)
def test_what_cannot_be_read_costs_its_own_interaction_only(tmp_path: Path, bad: str, what: str) -> None:
    found = read(tmp_path, bad)
    (unreadable,) = found.unreadable
    assert [each.description for each in found.interactions] == ["good", "last"]
    assert (unreadable.description, unreadable.location.line) == ("bad", 3)
    assert what in unreadable.error.what
    assert str(unreadable.error.where).startswith(f"{tmp_path}/web-shop.json:3:")


def test_it_is_as_deep_as_in_its_file(tmp_path: Path) -> None:
    found = read(tmp_path, with_body("[" * 96 + "]" * 96))
    assert found.unreadable == ()
    assert len(found.interactions) == 3


def test_brackets_and_names_in_texts_are_no_structure(tmp_path: Path) -> None:
    found = read(tmp_path, '{"description": "a [{ \\"interactions\\": [", "key": "]}", "response": {"body": NaN}}')
    assert [each.description for each in found.unreadable] == ['a [{ "interactions": [']


@pytest.mark.parametrize("tail", [', {"x": [}]}', "]", '], "metadata": {"a": NaN}}', '], "metadata": "\udcff"}'])
def test_what_is_wrong_outside_of_them_costs_the_file(tmp_path: Path, tail: str) -> None:
    with pytest.raises(ContractError):
        read(tmp_path, with_body("NaN"), tail=tail)


def test_messages_are_set_apart_too(tmp_path: Path) -> None:
    head = HEAD.replace("interactions", "messages")
    found = read(tmp_path, '{"description": "bad", "contents": NaN}', head=head, tail="]}")
    (unreadable,) = found.unreadable
    assert (unreadable.description, unreadable.kind) == ("bad", "Asynchronous/Messages")


def test_of_very_many_the_places_of_the_later_ones_are_where_they_begin(tmp_path: Path) -> None:
    bad = ",\n".join(with_body('{"a": 1, "a": 2}') for _ in range(1500))
    found = read(tmp_path, bad)
    first, last = found.unreadable[0].error, found.unreadable[-1].error
    assert (first.what, first.where) == ("duplicate key 'a', first at 3:104", f"{tmp_path}/web-shop.json:3:112")
    assert (last.what, last.where) == ("duplicate key 'a'", f"{tmp_path}/web-shop.json:1502:1")


@pytest.mark.parametrize("text", ['{"interactions": ["' + '\\"' * 2_000_000, "[" * 20_000_000])
def test_a_text_that_never_closes_is_refused_in_one_pass(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ContractError):
        load_readable(tmp_path / "x.json")


def test_who_needs_the_whole_contract_gets_the_error(tmp_path: Path) -> None:
    read(tmp_path, with_body("NaN"))
    with pytest.raises(ContractError, match="NaN is not a JSON number"):
        load(tmp_path / "web-shop.json")
