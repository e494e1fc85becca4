"""Who has to be deployed first."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from servanda.policy.order import order_of
from servanda.verdict import Bump, Consumer, ConsumerImpact, DeployOrder, Finding, Impact, Severity, Transition

Make = Callable[..., Finding]
PROVIDER, CONSUMERS, ANY, NONE = (
    DeployOrder.PROVIDER_FIRST,
    DeployOrder.CONSUMERS_FIRST,
    DeployOrder.ANY,
    DeployOrder.NONE,
)


@pytest.mark.parametrize(
    ("orders", "together"),
    [
        pytest.param([CONSUMERS, CONSUMERS], CONSUMERS, id="agreed"),
        pytest.param([ANY, PROVIDER], PROVIDER, id="one does not care"),
        pytest.param([CONSUMERS, PROVIDER], NONE, id="contradiction"),
        pytest.param([CONSUMERS, NONE], NONE, id="one has none"),
        pytest.param([ANY], ANY, id="nobody cares"),
    ],
)
def test_all_findings_have_to_agree(finding: Make, orders: list[DeployOrder], together: DeployOrder) -> None:
    findings = [replace(finding(), transition=Transition(True, True, order)) for order in orders]

    assert order_of(findings, Bump.MAJOR) is together


def test_what_nobody_uses_forces_no_order(finding: Make) -> None:
    unused = replace(finding("a.B", Impact.UNAFFECTED), transition=Transition(False, True, CONSUMERS))

    assert order_of([unused], Bump.MAJOR) is ANY


def test_what_is_new_comes_with_the_provider() -> None:
    assert order_of([], Bump.MINOR) is PROVIDER


def test_advice_forces_no_order(finding: Make) -> None:
    advice = replace(finding(severity=Severity.ADVICE), transition=Transition(False, True, CONSUMERS))

    assert order_of([advice], Bump.NONE) is ANY


def test_what_only_needs_new_code_forces_no_order(finding: Make) -> None:
    regenerates = ConsumerImpact(Consumer("app"), Impact.POTENTIALLY_AFFECTED, source_only=True)
    renamed = replace(finding("a.B"), consumers=(regenerates,), transition=Transition(False, False, NONE))

    assert order_of([renamed], Bump.MAJOR) is ANY
