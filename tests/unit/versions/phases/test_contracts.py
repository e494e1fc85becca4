import pytest

from servanda.verdict import InteractionResult, Location, Outcome, Reason, ReasonKind, Transport
from servanda.versions.phases.contracts import excused


def unknown(kind: ReasonKind) -> InteractionResult:
    reason = Reason(kind, "the provider state 'a user' failed: unknown parameters ['languages']")
    parties = ("mails", "users", Transport.KAFKA, "a user was created")
    return InteractionResult(*parties, Outcome.UNKNOWN, Location("mails.json"), (reason,), version="1.0.0")


OLD = ("a user was created", frozenset({"user_id", "locale"}))
NEW = ("a user was created", frozenset({"user_id", "languages"}))


@pytest.mark.parametrize("kind", [ReasonKind.STATE_MISSING, ReasonKind.STATE_FAILED])
def test_an_interaction_waits_for_an_old_provider_that_does_not_know_its_state(kind: ReasonKind) -> None:
    assert excused(unknown(kind), frozenset({NEW}), frozenset({OLD})).outcome is Outcome.PENDING


def test_a_state_that_the_old_provider_has_to_know_stays_unknown() -> None:
    result = unknown(ReasonKind.STATE_FAILED)
    assert excused(result, frozenset({OLD}), frozenset({OLD, NEW})) == result


def test_what_is_unknown_for_another_reason_stays_unknown() -> None:
    result = unknown(ReasonKind.TRANSPORT)
    assert excused(result, frozenset({NEW}), frozenset()) == result
