from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from servanda.verdict import InteractionResult, Outcome, ReasonKind, Transport, combine
from tests.samples.library.contracts import (
    Document,
    a_book_over_http,
    a_loan_over_kafka,
    a_missing_book_over_http,
    a_missing_title_over_grpc,
    a_title_over_grpc,
    states,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

Verified = Callable[..., Awaitable[tuple[InteractionResult, ...]]]


async def test_a_provider_that_keeps_its_promises_holds_on_every_transport(verified: Verified) -> None:
    results = await verified(
        a_book_over_http(), a_title_over_grpc(), a_missing_book_over_http(), a_missing_title_over_grpc()
    )
    assert [(result.interaction, result.transport, result.outcome, result.reasons) for result in results] == [
        ("a book", Transport.HTTP, Outcome.HELD, ()),
        ("a title", Transport.GRPC, Outcome.HELD, ()),
        ("a missing book", Transport.HTTP, Outcome.HELD, ()),
        ("a missing title", Transport.GRPC, Outcome.HELD, ()),
    ]


@pytest.mark.parametrize(
    ("interaction", "fault", "path"),
    [
        pytest.param(a_book_over_http(), "drops title", "$.title", id="http body"),
        pytest.param(a_book_over_http(), "loses header", "header.x-shelf", id="http header"),
        pytest.param(a_book_over_http(providerStates=states("no book exists")), "", "status", id="http status"),
        pytest.param(a_title_over_grpc(), "drops title", "$.value", id="grpc body"),
        pytest.param(a_title_over_grpc(providerStates=states("no book exists")), "", "status", id="grpc status"),
        pytest.param(
            a_missing_title_over_grpc(providerStates=states("a book exists")), "", "status", id="grpc status kept"
        ),
    ],
)
async def test_a_broken_promise_is_named_by_its_path(
    verified: Verified, interaction: Document, fault: str, path: str
) -> None:
    (result,) = await verified(interaction, fault=fault)
    assert result.outcome is Outcome.BROKEN
    assert (result.reasons[0].kind, result.reasons[0].path) == (ReasonKind.MISMATCH, path)


async def test_values_of_a_provider_state_fill_the_request(verified: Verified) -> None:
    interaction = a_book_over_http(
        request={
            "method": "GET",
            "path": "/books/example",
            "generators": {"path": {"type": "ProviderState", "expression": "/books/${book}"}},
        },
        providerStates=states("a book exists", book="b-1", title="Persuasion"),
    )
    (result,) = await verified(interaction)
    assert result.outcome is Outcome.HELD


async def test_a_state_without_handler_is_unknown_and_the_known_ones_are_named(verified: Verified) -> None:
    (result,) = await verified(a_book_over_http(providerStates=states("a scroll exists")))
    assert result.outcome is Outcome.UNKNOWN
    assert [reason.kind for reason in result.reasons] == [ReasonKind.STATE_MISSING]
    assert result.reasons[0].message == (
        "no handler is configured for the provider state 'a scroll exists'; the closest: 'a book exists'; "
        "known: 'a book exists', 'a book was lent', 'no book exists', 'the shelf burns'"
    )


async def test_a_failing_state_is_unknown_with_its_error(verified: Verified) -> None:
    (result,) = await verified(a_book_over_http(providerStates=states("the shelf burns")))
    assert result.outcome is Outcome.UNKNOWN
    assert [(reason.kind, reason.message) for reason in result.reasons] == [
        (ReasonKind.STATE_FAILED, "the provider state 'the shelf burns' failed: RuntimeError: the shelf burns")
    ]


async def test_a_contract_that_checks_nothing_is_unknown(verified: Verified) -> None:
    (result,) = await verified(a_loan_over_kafka(contents={}, metadata={"topic": "loans"}, matchingRules={}))
    assert result.outcome is Outcome.UNKNOWN
    assert [reason.kind for reason in result.reasons] == [ReasonKind.CHECKS_NOTHING]


@pytest.mark.parametrize(
    "interaction",
    [
        a_book_over_http(response={"status": 200}),
        a_title_over_grpc(response=[{"contents": {}, "metadata": {}}]),
        a_title_over_grpc(response=[]),
    ],
)
async def test_a_status_alone_is_an_expectation(verified: Verified, interaction: Document) -> None:
    without = {**interaction, "description": "without the book", "providerStates": states("no book exists")}
    held, broken = await verified(interaction, without)
    assert (held.outcome, broken.outcome) == (Outcome.HELD, Outcome.BROKEN)
    assert [reason.path for reason in broken.reasons] == ["status"]


async def test_a_provider_that_never_answers_is_broken(verified: Verified) -> None:
    (result,) = await verified(a_book_over_http(), fault="hangs")
    assert result.outcome is Outcome.BROKEN
    assert [(reason.kind, reason.message) for reason in result.reasons] == [
        (ReasonKind.NO_ANSWER, "no response within 2 s")
    ]


async def test_a_provider_that_dies_leaves_the_rest_unknown_with_its_last_words(verified: Verified) -> None:
    asked, later = await verified(a_book_over_http(), a_title_over_grpc(), fault="dies")
    assert (asked.outcome, later.outcome) == (Outcome.UNKNOWN, Outcome.UNKNOWN)
    (reason,) = asked.reasons
    assert reason.kind is ReasonKind.PROVIDER_DIED
    assert reason.message == (
        "the provider 'library' ended with code 9 during the verification; its last line: out of shelf space"
    )
    assert reason.evidence is not None
    assert reason.evidence.path.endswith("logs/library.log")
    assert reason.evidence.line == 1


async def test_the_test_that_recorded_an_expectation_is_its_evidence(verified: Verified) -> None:
    recorded = a_book_over_http(comments={"testname": "tests/test_reader.py::test_a_book"})
    (result,) = await verified(recorded, fault="drops title")
    assert [str(reason.evidence) for reason in result.reasons] == ["tests/test_reader.py::test_a_book"]
    assert result.evidence.path.endswith("reader-library.json")
    assert result.evidence.line > 1


async def test_an_expression_that_takes_too_long_is_unknown_and_names_its_limit(verified: Verified) -> None:
    document = a_book_over_http()
    document["response"]["matchingRules"]["body"] = {
        "$.title": {"combine": "AND", "matchers": [{"match": "regex", "regex": "^(a|a)*$"}]}
    }
    document["providerStates"][0]["params"]["title"] = "a" * 60 + "!"
    (result,) = await verified(document)
    assert result.outcome is Outcome.UNKNOWN
    assert [reason.kind for reason in result.reasons] == [ReasonKind.LIMIT]
    assert "raise 'pattern_seconds' in [limits]" in result.reasons[0].message


async def test_a_pending_interaction_is_told_and_breaks_nothing(verified: Verified) -> None:
    broken = a_book_over_http(pending=True, comments={"text": ["the title comes in May", 7]})
    unknown = a_book_over_http(description="a scroll", pending=True, providerStates=states("a scroll exists"))
    held = a_missing_book_over_http(pending=True)
    results = await verified(broken, unknown, held, fault="drops title")
    assert [(result.outcome, result.pending) for result in results] == [
        (Outcome.PENDING, True),
        (Outcome.PENDING, True),
        (Outcome.HELD, True),
    ]
    assert results[0].comments == ("the title comes in May",)
    assert [reason.path for reason in results[0].reasons] == ["$.title"]
    assert combine(result.outcome for result in results) is Outcome.HELD
