"""Interactions taken together."""

from servanda.verdict import InteractionResult, Location, Outcome, Transport, arrows


def _result(outcome: Outcome, version: str = "") -> InteractionResult:
    place = Location("pact.json")
    return InteractionResult("reader", "shop", Transport.HTTP, "a book", outcome, place, version=version)


def test_each_version_of_a_provider_has_an_arrow_of_its_own() -> None:
    found = arrows([_result(Outcome.HELD, "1.2.0"), _result(Outcome.BROKEN, "2.0.0")])
    assert [(arrow.provider, arrow.outcome) for arrow in found] == [
        ("shop@1.2.0", Outcome.HELD),
        ("shop@2.0.0", Outcome.BROKEN),
    ]
