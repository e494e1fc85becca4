"""Findings to decide about."""

from collections.abc import Callable

import pytest

from servanda.verdict import Consumer, ConsumerImpact, Finding, Impact, Severity, Span

Make = Callable[..., Finding]


@pytest.fixture
def finding() -> Make:
    """A finding, of whatever element, category and impacts."""

    def make(
        element: str = "shop.v1.Order.note",
        *impacts: Impact,
        rule: str = "FIELD_NO_DELETE",
        category: str = "FILE",
        severity: Severity = Severity.ERROR,
        unstable: bool = False,
    ) -> Finding:
        hits = tuple(ConsumerImpact(Consumer(f"c{index}"), impact) for index, impact in enumerate(impacts))
        span = Span("shop.proto", 3, 1, 3, 9)
        key = f"{rule}-{element}"
        return Finding(rule, category, severity, span, element, "It changed.", key, hits, unstable=unstable)

    return make
