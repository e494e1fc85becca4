from types import MappingProxyType

from servanda.versions.oracle import Break, BreakKind
from servanda.versions.plan import Phase, Step

STEP = Step(3, Phase.ROLLING, MappingProxyType({"ledger": ("1", "2")}), "ledger")


def test_a_request_that_fails_is_one_break_whether_it_was_asked_before_or_not() -> None:
    answered = Break(BreakKind.ANSWER, STEP, "GET /movements", "is answered differently", "status", "200", "500")
    failed = Break(BreakKind.ERROR, STEP, "GET /movements", "is answered with 500", "status", None, "500")
    assert answered.identity == failed.identity


def test_a_journey_is_another_break_than_an_answer() -> None:
    kinds = (BreakKind.ANSWER, BreakKind.JOURNEY)
    assert len({Break(kind, STEP, "GET /movements", "fails", "status").identity for kind in kinds}) == 2


def test_a_break_says_how_many_instances_of_each_version_lived() -> None:
    crowded = Step(3, Phase.ROLLING, MappingProxyType({"ledger": ("1", "1", "2")}), "ledger")
    assert "ledger 2 of 1 and 2" in Break(BreakKind.JOURNEY, crowded, "the journeys", "fail").reason().message


def test_a_break_on_the_new_schema_names_the_old_instances_alone() -> None:
    found = Break(BreakKind.JOURNEY, STEP, "the journeys", "fail", on_new_schema=True)
    assert "ledger 1 alone on the new schema" in found.reason().message
