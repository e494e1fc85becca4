"""One instance of a provider, asked by a transport that a test plays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from servanda.configuration import Limits, Service
from servanda.pact import Interaction
from servanda.transports.provider import Exchange
from servanda.verdict import InteractionResult, Outcome, Reason, ReasonKind
from servanda.verification.provider import Obligation, ProviderVerification
from servanda.verification.reach import Reach
from servanda.verification.states import States
from servanda.verification.survival import Survival
from tests.samples.library.contracts import a_book_over_http, contract
from tests.unit.verification.handles import Handle


class Transport:
    """Fails with what a test says, for the first interaction."""

    def __init__(self, error: BaseException) -> None:
        self._errors = [error]

    async def begin(self, interaction: Interaction) -> Exchange:
        async def exchange(values: Mapping[str, object]) -> tuple[Reason, ...]:
            if self._errors:
                raise self._errors.pop()
            return ()

        return exchange


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), UnicodeError("x"), AssertionError("x"), SystemExit(0)])
async def test_no_error_within_one_interaction_costs_the_others(tmp_path: Path, error: BaseException) -> None:
    handle = Handle(Service("library", ("run",)))
    interactions = [a_book_over_http(description=name, providerStates=[]) for name in ("one", "two")]
    owed = [Obligation("reader", handle.instance, each) for each in contract(tmp_path, *interactions).interactions]
    reach = cast("Reach", Transport(error))
    verification = ProviderVerification(reach, States({}), Survival("library", [handle]), [], Limits())
    heard: list[InteractionResult] = []
    first, second = await verification.verify(owed, heard.append)
    assert (first.outcome, second.outcome) == (Outcome.UNKNOWN, Outcome.HELD)
    (reason,) = first.reasons
    assert reason.kind is ReasonKind.COULD_NOT_RUN
    assert reason.message.startswith(f"the interaction could not be carried out: {type(error).__name__}")
    assert heard == [first, second]
