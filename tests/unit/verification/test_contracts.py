from __future__ import annotations

import copy
import dataclasses
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, ContractError
from servanda.verdict import Outcome, ReasonKind, Transport
from servanda.verification import load_contracts
from tests.samples.library.contracts import a_book_over_http, a_loan_over_kafka, a_title_over_grpc, contract


def test_contracts_are_read_in_a_fixed_order(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http(), consumer="reader")
    contract(tmp_path, a_book_over_http(), consumer="library")
    assert [one.consumer for one in load_contracts(configuration, tmp_path).files] == ["library", "reader"]


def test_a_consumer_that_is_not_configured_is_read_as_any_other(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http(), consumer="partner")
    found = load_contracts(configuration, tmp_path)
    assert ([file.consumer for file in found.files], found.unreadable) == (["partner"], ())


def test_contracts_in_subfolders_are_read_too(configuration: Configuration, tmp_path: Path) -> None:
    for folder in ("js", "js/old", ".cache"):
        (tmp_path / folder).mkdir()
        contract(tmp_path / folder, a_book_over_http(), consumer=folder.replace("/", "-"))
    contract(tmp_path, a_book_over_http())
    assert [file.consumer for file in load_contracts(configuration, tmp_path).files] == ["js", "js-old", "reader"]


def test_a_file_that_is_named_twice_is_one_contract(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http())
    (tmp_path / "torn.json").write_text("{")
    (tmp_path / "link.json").symlink_to("reader-library.json")
    found = load_contracts(configuration, tmp_path)
    again = load_contracts(configuration, tmp_path / "reader-library.json")
    torn = load_contracts(configuration, tmp_path / ".." / tmp_path.name / "torn.json")
    assert len(found.files) == len(found.unreadable) == 1
    assert found + again + torn == found


def test_a_provider_that_is_not_configured_is_a_result_of_its_file(
    configuration: Configuration, tmp_path: Path
) -> None:
    contract(tmp_path, a_book_over_http(), provider="archive")
    (result,) = load_contracts(configuration, tmp_path).unreadable
    assert "the provider 'archive' is not a configured service" in result.reasons[0].message


def test_without_any_service_the_table_to_add_is_told(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http())
    (result,) = load_contracts(dataclasses.replace(configuration, services={}), tmp_path).unreadable
    assert "add [services.library]" in str(result.reasons)


def test_contracts_of_other_providers_do_not_matter(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http(), provider="archive", consumer="raeder")
    (tmp_path / "reader-archive.json").write_text('{"provider": {"name": "archive"}, "consumer": {"name": "reader"}}')
    contract(tmp_path, a_book_over_http())
    found = load_contracts(configuration, tmp_path, ["library"])
    assert ([file.consumer for file in found.files], found.unreadable) == (["reader"], ())


@pytest.mark.parametrize(
    ("name", "text", "consumer", "provider"),
    [
        ("reader-library.json", "{", "reader", "library"),
        ("torn.json", "{", "unknown", "unknown"),
        (
            "odd.json",
            '{"consumer": {"name": "reader"}, "provider": {"name": "library"}, "interactions": 7}',
            "reader",
            "library",
        ),
        ("deep.json", "[" * 3000, "unknown", "unknown"),
        ("shape.json", '{"consumer": 1, "provider": [], "interactions": 7}', "unknown", "unknown"),
        ("bytes.json", "\x00", "unknown", "unknown"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_result_of_its_provider(
    configuration: Configuration, tmp_path: Path, name: str, text: str, consumer: str, provider: str
) -> None:
    (tmp_path / name).write_text(text)
    contract(tmp_path, a_book_over_http(), consumer="library")
    found = load_contracts(configuration, tmp_path, ["library"])
    (result,) = found.unreadable
    assert [file.consumer for file in found.files] == ["library"]
    assert (result.consumer, result.provider, result.interaction) == (consumer, provider, f"the file {name}")
    assert (result.outcome, result.reasons[0].kind) == (Outcome.UNKNOWN, ReasonKind.UNREADABLE)


def test_an_interaction_that_cannot_be_read_does_not_cost_the_others(
    configuration: Configuration, tmp_path: Path
) -> None:
    document = a_book_over_http(description="no book")
    contract(tmp_path, a_book_over_http(), document)
    path = tmp_path / "reader-library.json"
    pact = json.loads(path.read_text())
    pact["interactions"][1]["request"] = []
    pact["interactions"].append("no interaction at all")
    path.write_text(json.dumps(pact))
    found = load_contracts(configuration, tmp_path)
    assert [each.description for each in found.files[0].interactions] == ["a book"]
    assert [(each.interaction, each.transport) for each in found.unreadable] == [
        ("no book", Transport.HTTP),
        ("interaction 3", Transport.HTTP),
    ]
    assert (
        "'no book': interactions[1].request: expected an object, found a list" in found.unreadable[0].reasons[0].message
    )


@pytest.mark.parametrize(
    "wrong", ['"request": []', '"request": {"path": NaN}', '"request": {"path": "/", "path": "/"}']
)
def test_a_pending_interaction_that_cannot_be_read_is_pending(
    configuration: Configuration, tmp_path: Path, wrong: str
) -> None:
    contract(tmp_path, a_book_over_http(), a_book_over_http(description="no book", pending=True, request={"cut": 1}))
    path = tmp_path / "reader-library.json"
    pact = json.loads(path.read_text())
    del pact["interactions"][1]["request"]
    text = json.dumps(pact)
    path.write_text(text.replace('"description": "no book"', f'"description": "no book", {wrong}'))

    (result,) = load_contracts(configuration, tmp_path).unreadable

    assert (result.interaction, result.outcome, result.pending) == ("no book", Outcome.PENDING, True)


@pytest.mark.parametrize("seed", range(200))
def test_whatever_stands_in_a_contract_is_read_or_told(configuration: Configuration, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    contract(tmp_path, chance.choice([a_book_over_http, a_title_over_grpc, a_loan_over_kafka])())
    path = tmp_path / "reader-library.json"
    document = json.loads(path.read_text())
    for _ in range(chance.choice([1, 1, 3])):
        replace_something(document, chance)
    path.write_text(json.dumps(document))
    found = load_contracts(configuration, tmp_path)
    assert found.files or found.unreadable
    told = [reason.message for result in found.unreadable for reason in result.reasons]
    assert [message for message in told if "cannot be read: " in message] == []


def replace_something(document: Any, chance: random.Random) -> None:
    inner = [each for each in containers(document) if each]
    chosen = chance.choice(inner)
    key = chance.choice(list(chosen) if isinstance(chosen, dict) else range(len(chosen)))
    chosen[key] = copy.deepcopy(chance.choice(ODD))


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from containers(each)


ODD: list[Any] = [
    None,
    True,
    -1,
    1e300,
    "",
    "x",
    "\r\n",
    "${a}",
    "$.a[*]",
    "[",
    [],
    {},
    [[]],
    {"": ""},
    {"match": "type"},
    {"content": None},
    {"content": {"a": 1}},
    {"content": "AAA", "encoded": "base64", "contentType": "application/json"},
]


@pytest.mark.parametrize("leads_to", ["/etc/passwd", "reader-library.json"])
def test_a_link_that_leads_nowhere_good_is_one_result_and_is_not_read(
    configuration: Configuration, tmp_path: Path, leads_to: str
) -> None:
    (tmp_path / "reader-library.json").symlink_to(leads_to)
    contract(tmp_path, a_book_over_http(), consumer="library")
    found = load_contracts(configuration, tmp_path, ["library"])
    (result,) = found.unreadable
    assert [file.consumer for file in found.files] == ["library"]
    assert (result.consumer, result.provider, result.outcome) == ("reader", "library", Outcome.UNKNOWN)


def test_a_wanted_provider_that_is_not_configured_is_refused(configuration: Configuration, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"service 'archive' is not configured\nhint: .*library"):
        load_contracts(configuration, tmp_path, ["archive"])


def test_a_folder_without_contracts_is_refused(configuration: Configuration, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no contract found with the provider library"):
        load_contracts(configuration, tmp_path, ["library"])
