from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from servanda.configuration import Configuration, Limits, load
from servanda.infra import Endpoints
from servanda.supervision import Plan, Running, start
from servanda.verdict import InteractionResult, Outcome, ReasonKind, Transport
from servanda.verification import verify
from tests.samples.library.contracts import Document, a_loan_over_kafka, contract, states

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIBRARY = Path(__file__).parents[2] / "samples" / "library"
LIMITS = Limits(event_seconds=5.0, settle_seconds=0.3)

Verified = Callable[..., Awaitable[tuple[InteractionResult, ...]]]


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    return load(LIBRARY / "servanda.toml")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(
    configuration: Configuration, servanda_endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("library")
    (folder / "shelf").mkdir()
    environ = {**os.environ, "SHELF": f"{folder}/shelf", "FAULT": f"{folder}/fault"}
    plan = Plan(configuration, folder / "run", environ, servanda_endpoints.placeholders(), namespace=f"t{os.getpid()}")
    async with start(plan) as running:
        yield running


@pytest.fixture
def verified(configuration: Configuration, library: Running, tmp_path: Path) -> Verified:
    def break_promise(fault: str) -> None:
        Path(library.service("library").environment["FAULT"]).write_text(fault)

    async def run(*interactions: Document, fault: str = "") -> tuple[InteractionResult, ...]:
        break_promise(fault)
        return await verify([contract(tmp_path, *interactions)], library, configuration, limits=LIMITS)

    return run


async def test_an_event_read_from_the_real_topic_holds(verified: Verified) -> None:
    (result,) = await verified(a_loan_over_kafka())
    assert (result.transport, result.outcome, result.reasons) == (Transport.KAFKA, Outcome.HELD, ())


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        pytest.param("loses header", "header.kind", id="header"),
        pytest.param("changes key", "key", id="key"),
        pytest.param("retypes days", "$.days", id="body"),
    ],
)
async def test_a_broken_event_is_named_by_its_path(verified: Verified, fault: str, path: str) -> None:
    (result,) = await verified(a_loan_over_kafka(), fault=fault)
    assert result.outcome is Outcome.BROKEN
    assert [(reason.kind, reason.path) for reason in result.reasons] == [(ReasonKind.MISMATCH, path)]


async def test_events_from_before_the_provider_state_do_not_count(verified: Verified) -> None:
    (held,) = await verified(a_loan_over_kafka())
    (result,) = await verified(a_loan_over_kafka(), fault="sends nothing")
    assert held.outcome is Outcome.HELD
    assert result.outcome is Outcome.BROKEN
    (reason,) = result.reasons
    assert reason.kind is ReasonKind.NO_ANSWER
    assert reason.message.endswith("-loans' within 5 s after the provider state 'a book was lent'")


async def test_the_event_that_satisfies_the_contract_is_found_among_others(verified: Verified) -> None:
    several = a_loan_over_kafka(
        providerStates=[*states("a book was lent", book="b-0"), *states("a book was lent", book="b-1")]
    )
    (result,) = await verified(several)
    assert result.outcome is Outcome.HELD
