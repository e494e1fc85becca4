"""Checks of each kind, and the comparison with golden files."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from servanda.verdict import (
    Bump,
    Check,
    Consumer,
    ConsumerImpact,
    DeployOrder,
    Evidence,
    Finding,
    Impact,
    Severity,
    Span,
    Steps,
    Transition,
)

GOLDEN = Path(__file__).parent / "golden"
APP, WEB, BILLING = Consumer("app", "team-app"), Consumer("web"), Consumer("billing", "team-money")
NOTE_TEST = "test_app.py::test_note"
READ = Evidence(
    "pact", "contracts/pacts/app-shop.json", "an order", "test_app.py::test_note", "4f2a9c1d77e0", "2026-11-01"
)
READ_AGAIN = Evidence("usage-log", "contracts/usage/app.json", "", "test_app.py::test_note", "4f2a", "2026-11-02")
SEEN = Evidence("usage-log", "contracts/usage/web.json", "", "", "77e0", "2026-10-30")
STEPS = Steps(
    expand="Keep the field, mark it deprecated, and go on filling it.",
    migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
    contract="Delete it, with its number and name reserved.",
    before="string nickname = 4;",
    after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
)
GONE = Transition(False, True, DeployOrder.CONSUMERS_FIRST)


def hits(*impacts: tuple[Consumer, Impact, tuple[Evidence, ...]]) -> tuple[ConsumerImpact, ...]:
    return tuple(ConsumerImpact(consumer, impact, proofs) for consumer, impact, proofs in impacts)


def finding(
    element: str,
    severity: Severity,
    consumers: tuple[ConsumerImpact, ...] = (),
    *,
    rule: str = "FIELD_NO_DELETE",
    line: int = 12,
    message: str = "",
) -> Finding:
    return Finding(
        rule=rule,
        category="FILE",
        severity=severity,
        span=Span("proto/shop.proto", line, 3, line + 2, 4) if line else Span("proto/shop.proto"),
        element=f"shop.v1.{element}",
        message=message or f"Field '{element.rpartition('.')[2]}' was deleted.",
        fingerprint=f"{abs(sum(map(ord, element + rule))):016x}",
        consumers=consumers,
        transition=GONE,
        why="Readers find the default instead of the value.",
        steps=STEPS,
    )


USED = finding(
    "Order.note",
    Severity.ERROR,
    hits(
        (APP, Impact.BROKEN, (READ, READ_AGAIN)),
        (BILLING, Impact.UNKNOWN, ()),
        (WEB, Impact.UNAFFECTED, (SEEN,)),
    ),
)
UNUSED = finding(
    "Order.gift",
    Severity.WARNING,
    hits((APP, Impact.UNAFFECTED, (SEEN,)), (WEB, Impact.UNAFFECTED, (SEEN,))),
    line=20,
)
EXPIRED = Finding(
    "WAIVER_EXPIRED",
    "POLICY",
    Severity.ERROR,
    Span("contracts/waivers.toml", 1, 1, 6, 20),
    "shop.v1.Order.card",
    "The waiver of FIELD_NO_DELETE shop.v1.Order.card expired on 2026-01-01: mend the break, or ask team-shop.",
    "WAIVER_EXPIRED:FIELD_NO_DELETE:shop.v1.Order.card",
    steps=Steps(mend="Mend the break, or ask the owner of the waiver for another day and write that into it."),
)
CHECKS: Mapping[str, Check] = {
    "nothing": Check("proto", "contracts/releases/1.0.0.binpb"),
    "first": Check("proto", ""),
    "two-fields": Check("proto", "1.0.0", (USED, UNUSED), Bump.MAJOR, DeployOrder.CONSUMERS_FIRST),
    "policy": Check(
        "proto",
        ".git#branch=main",
        (
            finding("Order.card", Severity.WAIVED),
            finding("Order.old", Severity.BASELINE, rule="FIELD_SAME_NAME"),
            EXPIRED,
        ),
        Bump.MAJOR,
        DeployOrder.NONE,
    ),
    "odd": Check(
        "proto",
        "1.0.0",
        (
            finding(
                "Order.odd",
                Severity.ERROR,
                hits((Consumer("a|b <c>"), Impact.POTENTIALLY_AFFECTED, (READ,))),
                rule="ENUM_VALUE_NO_DELETE",
                message="Default changed from '100%' to '<b>\x0b`:,\n::error::' & more.",
            ),
            finding("gone.proto", Severity.ERROR, rule="FILE_NO_DELETE", line=0),
        ),
    ),
}


@pytest.fixture(params=CHECKS)
def name(request: pytest.FixtureRequest) -> str:
    """Of one of the checks."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def check(name: str) -> Check:
    return CHECKS[name]


@pytest.fixture
def two_fields() -> Check:
    """A change that removes one field that somebody uses and another that nobody uses."""
    return CHECKS["two-fields"]


@pytest.fixture
def odd() -> Check:
    """A check whose texts would upset a careless format."""
    return CHECKS["odd"]


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a file in ``golden/``; ``UPDATE_GOLDEN=1`` writes the file anew, for review."""

    def compare(file: str, actual: str) -> None:
        path = GOLDEN / file
        if os.environ.get("UPDATE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(actual, encoding="utf-8", newline="\n")
        assert actual == path.read_text(encoding="utf-8")

    return compare
