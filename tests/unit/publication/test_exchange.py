"""Contracts from a broker, and results that go back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import PublicationError
from servanda.publication.exchange import Exchange
from servanda.publication.results import ProviderVersion
from servanda.verdict import InteractionResult, Outcome, Reason, ReasonKind
from servanda.verification import LoadedContracts
from tests.unit.publication.fake_broker import PACT, FakeBroker, serving

CONFIGURATION = """
[services.library]
command = ["library"]
[contracts.broker]
selectors = [{ mainBranch = true }, { consumer = "reader", branch = "x", fallbackBranch = "main" }]
wip_since = "2026-01-01"
"""
VERSION = ProviderVersion("1.2", "feat/x", build_url="https://ci/7")
A_BOOK = {"description": "a book", "request": {"path": "/books/1"}, "response": {"status": 200}}
A_SHELF = {**A_BOOK, "description": "a shelf", "providerStates": [{"name": "a shelf exists"}]}


@pytest.fixture
def broker() -> Iterator[FakeBroker]:
    with serving(FakeBroker()) as found:
        yield found


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "servanda.toml").write_text(CONFIGURATION)
    return load(tmp_path / "servanda.toml")


@pytest.fixture
def exchange(broker: FakeBroker, configuration: Configuration, tmp_path: Path) -> Exchange:
    environ = {"PACT_BROKER_BASE_URL": broker.url, "PACT_BROKER_TOKEN": "t0p"}
    return Exchange(configuration, environ, tmp_path / "contracts")


def results(found: LoadedContracts, *outcomes: Outcome, reason: Reason | None = None) -> list[InteractionResult]:
    entries = [(file, each) for file in found.files for each in file.interactions]
    return [
        InteractionResult(
            file.consumer,
            file.provider,
            each.transport,
            each.shown,
            outcome,
            each.location,
            () if outcome is Outcome.HELD or reason is None else (reason,),
        )
        for (file, each), outcome in zip(entries, outcomes, strict=True)
    ]


def test_the_broker_is_asked_with_the_configured_selectors(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK)
    found = exchange.wanted(["library"], "feat/x")
    assert [(file.consumer, [each.shown for each in file.interactions]) for file in found.files] == [
        ("reader", ["a book"])
    ]
    assert broker.of("POST", "/for-verification") == [
        {
            "consumerVersionSelectors": [
                {"mainBranch": True},
                {"consumer": "reader", "branch": "x", "fallbackBranch": "main"},
            ],
            "includePendingStatus": True,
            "includeWipPactsSince": "2026-01-01",
            "providerVersionBranch": "feat/x",
        }
    ]
    assert {each.authorization for each in broker.asked} == {"Bearer t0p"}
    assert list(exchange.before()) == ["reader, before_verification"]


def test_a_broker_that_goes_by_tags_learns_those_of_the_provider(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK)
    found = exchange.wanted(["library"], "", ("main", "a/b"))
    list(exchange.finish(results(found, Outcome.HELD), ProviderVersion("1.2", tags=("main", "a/b"))))
    (query,) = broker.of("POST", "/for-verification")
    assert query["providerVersionTags"] == ["main", "a/b"]
    paths = [each.path for each in broker.asked if each.method == "PUT"]
    assert paths == [f"/pacticipants/library/versions/1.2/tags/{tag}" for tag in ("main", "a%2Fb")]


@pytest.mark.parametrize("kind", ["pending", "wip"])
def test_pending_contracts_and_work_in_progress_break_nothing(
    broker: FakeBroker, exchange: Exchange, kind: str
) -> None:
    broker.add("reader", A_BOOK, {"description": "nonsense", "request": 7}, **{kind: True})
    found = exchange.wanted(["library"], "")
    assert [each.pending for file in found.files for each in file.interactions] == [True]
    assert [each.outcome for each in found.unreadable] == [Outcome.PENDING]


def test_a_contract_that_cannot_be_read_does_not_cost_the_others(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK)
    broker.contracts["writer"] = ({"consumer": {"name": "writer"}, "interactions": 7}, False, False)
    found = exchange.wanted(["library"], "")
    assert [file.consumer for file in found.files] == ["reader"]
    assert [result.outcome for result in found.unreadable] == [Outcome.UNKNOWN]


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}),
        (500, b"oops"),
        (302, {}),
        (200, b'{"consumer": {"name": "tw'),
        (200, b""),
        (200, []),
        (200, b"[" * 5000),
    ],
    ids=str,
)
def test_a_contract_that_is_not_there_is_one_result_of_its_provider(
    broker: FakeBroker, exchange: Exchange, answer: tuple[int, Any]
) -> None:
    broker.add("good", A_BOOK)
    broker.add("two", A_BOOK)
    broker.broken[PACT.format("two", "5ha")] = answer

    found = exchange.wanted(["library"], "") + exchange.at(broker.url + PACT.format("two", "5ha"))

    assert [file.consumer for file in found.files] == ["good"]
    assert [(each.provider, each.outcome) for each in found.unreadable] == [("library", Outcome.UNKNOWN)]
    assert len(list(exchange.finish([*results(found, Outcome.HELD), *found.unreadable], VERSION))) == 3


@pytest.mark.parametrize(
    "wrong",
    ['"weight": NaN', f'"deep": {"[" * 150}{"]" * 150}', '"description": "twice"', '"surrogate": "\\ud800"'],
    ids=str,
)
def test_a_bad_interaction_of_a_broker_costs_itself(broker: FakeBroker, exchange: Exchange, wrong: str) -> None:
    broker.add("reader", A_BOOK, A_SHELF)
    path = PACT.format("reader", "5ha")
    text = json.dumps(broker.answer("GET", path)[1])
    broken = text.replace('"description": "a shelf"', f'"description": "a shelf", {wrong}')
    broker.broken[path] = (200, broken.encode())

    found = exchange.wanted(["library"], "")

    assert [each.shown for file in found.files for each in file.interactions] == ["a book"]
    assert [each.outcome for each in found.unreadable] == [Outcome.UNKNOWN]


def test_results_go_back_with_version_branch_build_and_each_interaction(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK, A_SHELF)
    reason = Reason(ReasonKind.MISMATCH, "$.title is missing", "$.title", "1", None)
    told = results(exchange.wanted(["library"], ""), Outcome.HELD, Outcome.BROKEN, reason=reason)
    said = list(exchange.finish(told, VERSION))
    assert said == [
        "reader -> library: published as a failure of version 1.2",
        "reader, after_verification:success_false_published_true",
    ]
    (sent,) = broker.of("POST", "/verification-results")
    assert sent["verifiedBy"]["implementation"] == "servanda"
    del sent["verifiedBy"]
    assert sent == {
        "success": False,
        "providerApplicationVersion": "1.2",
        "buildUrl": "https://ci/7",
        "testResults": [
            {"interactionDescription": "a book", "interactionId": "reader-0", "success": True},
            {
                "interactionDescription": "a shelf",
                "interactionId": "reader-1",
                "success": False,
                "mismatches": [{"attribute": "body", "identifier": "$.title", "description": "$.title is missing"}],
            },
        ],
    }
    assert broker.of("PUT", "/pacticipants/library/branches/feat%2Fx/versions/1.2") == [{}]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("status", {"attribute": "status"}),
        ("header.x-shelf", {"attribute": "header", "identifier": "x-shelf"}),
        ("", {"attribute": "body"}),
    ],
)
def test_a_mismatch_is_told_in_the_terms_of_the_broker(
    broker: FakeBroker, exchange: Exchange, path: str, expected: dict[str, str]
) -> None:
    broker.add("reader", A_BOOK)
    reason = Reason(ReasonKind.MISMATCH, "differs", path)
    list(exchange.finish(results(exchange.wanted(["library"], ""), Outcome.PENDING, reason=reason), VERSION))
    (sent,) = broker.of("POST", "/verification-results")
    assert sent["testResults"][0]["mismatches"] == [{**expected, "description": "differs"}]
    assert sent["success"] is False


@pytest.mark.parametrize("kind", [ReasonKind.STATE_FAILED, ReasonKind.PROVIDER_DIED])
def test_what_could_not_be_told_is_not_published(broker: FakeBroker, exchange: Exchange, kind: ReasonKind) -> None:
    broker.add("reader", A_BOOK, A_SHELF)
    reason = Reason(kind, "why")
    told = results(exchange.wanted(["library"], ""), Outcome.HELD, Outcome.UNKNOWN, reason=reason)
    (said,) = exchange.finish(told, VERSION)
    assert said == "reader -> library: not published, because it could not be told whether the whole contract holds"
    assert broker.of("POST", "/verification-results") == []


def test_a_part_of_a_contract_is_not_published(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK, A_SHELF)
    told = results(exchange.wanted(["library"], ""), Outcome.HELD, Outcome.HELD)[:1]
    assert "not published" in next(exchange.finish(told, VERSION))


def test_nothing_is_published_unless_that_is_wanted(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK)
    told = results(exchange.wanted(["library"], ""), Outcome.HELD)
    assert list(exchange.finish(told, None)) == []
    assert {each.method for each in broker.asked} == {"GET", "POST"}
    assert broker.of("POST", "/verification-results") == []


def test_a_contract_at_an_address_is_verified_and_published(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK)
    found = exchange.at(broker.url + PACT.format("reader", "5ha"))
    assert list(exchange.finish(results(found, Outcome.HELD), VERSION)) == [
        "reader -> library: published as a success of version 1.2"
    ]


def test_credentials_go_to_no_other_host(broker: FakeBroker, exchange: Exchange) -> None:
    broker.add("reader", A_BOOK)
    with serving(FakeBroker()) as other:
        other.add("reader", A_BOOK)
        broker.url = other.url  # the links of the broker lead to somebody else
        exchange.wanted(["library"], "")
        assert {each.authorization for each in other.asked} == {""}


@pytest.mark.parametrize(
    ("path", "answer", "message"),
    [
        ("/", (401, {}), "the broker answered 401: {}"),
        ("/", (200, {}), "the broker has no link 'pb:provider-pacts-for-verification'"),
        ("/", (200, []), "the answer of the broker is no JSON object"),
        (
            "/pacts/provider/library/for-verification",
            (400, {"errors": ["no environment 'nope'"]}),
            "no environment 'nope'",
        ),
        ("/pacts/provider/library/for-verification", (404, {}), "the broker wants nothing to be verified"),
        ("/pacts/provider/library/for-verification", (200, {"_embedded": 1}), "the broker wants nothing"),
    ],
)
def test_a_broker_that_does_not_answer_as_one_is_told(
    broker: FakeBroker, exchange: Exchange, path: str, answer: tuple[int, Any], message: str
) -> None:
    broker.broken[path] = answer
    with pytest.raises(PublicationError, match=message):
        exchange.wanted(["library"], "")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://[", ""])
def test_an_address_without_a_broker_is_told(configuration: Configuration, tmp_path: Path, url: str) -> None:
    exchange = Exchange(configuration, {"PACT_BROKER_BASE_URL": url}, tmp_path)
    with pytest.raises(PublicationError, match=r"cannot be reached|no broker is configured"):
        exchange.wanted(["library"], "")
