from types import MappingProxyType

from servanda.versions.oracle import Break, BreakKind, OldAlone
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
    found = Break(BreakKind.JOURNEY, STEP, "the journeys", "fail", alone=OldAlone.ON_NEW_SCHEMA)
    assert "ledger 1 alone on the new schema" in found.reason().message


def test_a_break_before_the_first_new_instance_names_the_old_ones_alone() -> None:
    before = Step(3, Phase.ROLLING, MappingProxyType({"stock": ("2",), "ledger": ("1", "2")}), "ledger")
    found = Break(BreakKind.JOURNEY, before, "the journeys", "fail", alone=OldAlone.BESIDE_NEW)
    assert "stock 2, ledger 1 alone)" in found.reason().message
