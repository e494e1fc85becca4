"""What a finding does to the answer."""

from collections.abc import Callable
from dataclasses import replace

from servanda.configuration import Level
from servanda.policy.severity import severity_of
from servanda.verdict import Evidence, Finding, Impact, Severity

Make = Callable[..., Finding]


def test_a_break_stops_the_change_if_nobody_is_known(finding: Make) -> None:
    assert severity_of(finding()) is Severity.ERROR


def test_one_unknown_consumer_is_enough_to_stop_the_change(finding: Make) -> None:
    assert severity_of(finding("a.v1.B.c", Impact.UNAFFECTED, Impact.UNKNOWN)) is Severity.ERROR


def test_what_everybody_was_observed_not_to_use_is_reported(finding: Make) -> None:
    assert severity_of(finding("a.v1.B.c", Impact.UNAFFECTED, Impact.UNAFFECTED)) is Severity.WARNING


def test_what_may_surprise_is_reported_until_a_consumer_breaks(finding: Make) -> None:
    surprising = finding("shop.v1.Order.note", Impact.POTENTIALLY_AFFECTED, severity=Severity.WARNING)
    breaking = finding("shop.v1.Order.note", Impact.BROKEN, severity=Severity.WARNING)

    assert (severity_of(surprising), severity_of(breaking)) == (Severity.WARNING, Severity.ERROR)


def test_an_unstable_package_never_stops_the_change(finding: Make) -> None:
    assert severity_of(finding("shop.v1beta1.Order.note", Impact.BROKEN, unstable=True)) is Severity.WARNING


def test_a_name_alone_makes_nothing_unstable(finding: Make) -> None:
    assert severity_of(finding("shop.Order.v1beta1", Impact.BROKEN)) is Severity.ERROR


def test_a_guess_stays_advice_whoever_uses_the_element(finding: Make) -> None:
    assert severity_of(finding("a.v1.B.c", Impact.BROKEN, severity=Severity.ADVICE)) is Severity.ADVICE


def test_what_an_example_in_a_contract_proves_is_no_advice_any_more(finding: Make) -> None:
    found = finding("a.v1.B.c", Impact.BROKEN, severity=Severity.ADVICE)
    [hit] = found.consumers
    proof = Evidence("pact", "it.json", example='"paid"', refused="enum: open")
    proven = replace(found, consumers=(replace(hit, evidence=(proof,)),))

    assert severity_of(proven) is Severity.ERROR
    assert severity_of(proven, Level.ADVICE) is Severity.ADVICE


def test_a_chosen_level_is_not_raised_by_consumers(finding: Make) -> None:
    assert severity_of(finding("a.v1.B.c", Impact.BROKEN), Level.WARNING) is Severity.WARNING


def test_a_chosen_error_is_lowered_where_nobody_uses_the_element(finding: Make) -> None:
    assert severity_of(finding("a.v1.B.c", Impact.UNAFFECTED), Level.ERROR) is Severity.WARNING
