"""The third stage."""

import json
from collections.abc import Callable, Sequence

import pytest

from servanda.configuration import Configuration
from servanda.errors import ContractError
from servanda.gate.platform import Platform
from servanda.gate.stages.providers import Providers, Verify
from servanda.pact import PactFile
from servanda.supervision import Running
from servanda.verdict import InteractionResult, Location, Outcome, Reason, ReasonKind, Transport

Repository = Callable[[str], Configuration]
SHOP = """
[pacticipants.web]
[services.shop]
command = ["shop"]
"""
PACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "shop"},
    "interactions": [
        {
            "description": "a request for an order",
            "type": "Synchronous/HTTP",
            "request": {"method": "GET", "path": "/orders/1"},
            "response": {"status": 200},
        }
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}},
}


@pytest.fixture
def shop(repository: Repository) -> Configuration:
    configuration = repository(SHOP)
    configuration.contracts.pacts.mkdir(parents=True)
    (configuration.contracts.pacts / "web-shop.json").write_text(json.dumps(PACT), encoding="utf-8")
    return configuration


def answering(outcome: Outcome) -> Verify:
    async def verify(
        contracts: Sequence[PactFile], running: Running, configuration: Configuration
    ) -> tuple[InteractionResult, ...]:
        log = Location(str(configuration.root / ".servanda" / "shop.log"), 3)
        reasons = (Reason(ReasonKind.MISMATCH, "differs", evidence=log),) if outcome is not Outcome.HELD else ()
        return tuple(
            InteractionResult(
                contract.consumer,
                contract.provider,
                Transport.HTTP,
                interaction.description,
                outcome,
                interaction.location,
                reasons,
            )
            for contract in contracts
            for interaction in contract.interactions
        )

    return verify


@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.BROKEN, Outcome.UNKNOWN])
async def test_the_stage_is_what_its_interactions_are(
    shop: Configuration, platform: Platform, outcome: Outcome
) -> None:
    result = await Providers(shop, platform, answering(outcome)).examine()

    assert (result.name, result.outcome) == ("providers", outcome)
    assert [entry.interaction for entry in result.results] == ["a request for an order"]


async def test_places_are_told_from_the_root_of_the_repository(shop: Configuration, platform: Platform) -> None:
    result = await Providers(shop, platform, answering(Outcome.BROKEN)).examine()

    (entry,) = result.results
    assert entry.evidence.path == "contracts/pacts/web-shop.json"
    assert entry.reasons[0].evidence == Location(".servanda/shop.log", 3)


async def test_a_repository_without_contracts_is_an_error(repository: Repository, platform: Platform) -> None:
    with pytest.raises(ContractError, match="no contract found"):
        await Providers(repository(""), platform, answering(Outcome.HELD)).examine()


async def test_contracts_of_a_consumer_that_is_not_configured_are_verified(
    shop: Configuration, repository: Repository, platform: Platform
) -> None:
    without = repository(SHOP.replace("[pacticipants.web]", ""))

    result = await Providers(without, platform, answering(Outcome.HELD)).examine()

    assert result.outcome is Outcome.HELD
    assert [each.consumer for each in result.results] == ["web"]
