from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from servanda.configuration import Configuration, Limits, Service
from servanda.errors import VerificationError
from servanda.verification.provider_code import ProviderCode
from servanda.verification.reach import Reach
from tests.samples.library.contracts import Document, a_book_over_http, a_loan_over_kafka, a_title_over_grpc, contract
from tests.unit.verification.handles import system


@pytest.mark.parametrize(
    ("interaction", "message"),
    [
        pytest.param(a_book_over_http(), "no port of 'library' is configured for the transport http", id="http"),
        pytest.param(a_title_over_grpc(), "no port of 'library' is configured for the transport grpc", id="grpc"),
        pytest.param(a_loan_over_kafka(), "no Kafka in this run", id="kafka"),
    ],
)
async def test_a_provider_that_cannot_be_reached_is_told(
    configuration: Configuration, tmp_path: Path, interaction: Document, message: str
) -> None:
    async with AsyncExitStack() as stack:
        library, limits = system(Service("library", ("run",))), Limits()
        reach = Reach("library", library, configuration, ProviderCode(limits), limits, stack)
        with pytest.raises(VerificationError, match=message):
            await reach.begin(contract(tmp_path, interaction).interactions[0])
