"""How a version has to be raised."""

from collections.abc import Callable

import pytest

from servanda.policy.bump import bump_of, in_initial_development
from servanda.verdict import Bump, Finding, Severity

Make = Callable[..., Finding]


@pytest.mark.parametrize("growth", [Bump.NONE, Bump.PATCH, Bump.MINOR])
def test_without_a_break_the_version_rises_by_what_is_new(growth: Bump) -> None:
    assert bump_of(growth, []) is growth


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WAIVED, Severity.BASELINE])
def test_a_break_raises_the_major_part_whoever_accepts_it(finding: Make, severity: Severity) -> None:
    assert bump_of(Bump.NONE, [finding(severity=severity)]) is Bump.MAJOR


def test_a_break_of_an_unstable_package_raises_the_minor_part(finding: Make) -> None:
    broken = finding("shop.v1beta1.Order.note", severity=Severity.WARNING, unstable=True)

    assert bump_of(Bump.PATCH, [broken]) is Bump.MINOR


def test_only_breaks_of_unstable_packages_count_as_such(finding: Make) -> None:
    unstable = finding("shop.v1alpha1.Order.note", severity=Severity.WARNING, unstable=True)

    assert bump_of(Bump.NONE, [unstable, finding(severity=Severity.ERROR)]) is Bump.MAJOR


@pytest.mark.parametrize(
    ("raised", "of_zero"),
    [
        pytest.param(Bump.MAJOR, Bump.MINOR, id="break"),
        pytest.param(Bump.MINOR, Bump.MINOR, id="addition"),
        pytest.param(Bump.PATCH, Bump.PATCH, id="other edit"),
        pytest.param(Bump.NONE, Bump.NONE, id="nothing"),
    ],
)
def test_a_version_0_promises_nothing(raised: Bump, of_zero: Bump) -> None:
    assert in_initial_development(raised) is of_zero


def test_a_waiver_in_disorder_says_nothing_of_the_version(finding: Make) -> None:
    disorder = finding(rule="WAIVER_EXPIRED", category="POLICY")

    assert bump_of(Bump.NONE, [disorder]) is Bump.NONE


def test_advice_raises_nothing(finding: Make) -> None:
    assert bump_of(Bump.PATCH, [finding(severity=Severity.ADVICE)]) is Bump.PATCH
