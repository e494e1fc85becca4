"""Verdicts of checks and of the gate, with each answer, and the comparison with golden files."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.report.formats import FORMATS
from servanda.verdict import (
    Bump,
    Consumer,
    ConsumerImpact,
    DeployOrder,
    ElementUse,
    Evidence,
    Finding,
    Impact,
    InteractionResult,
    InterfaceComparison,
    InterfaceUse,
    Location,
    Outcome,
    Reason,
    ReasonKind,
    Severity,
    Span,
    StageResult,
    Steps,
    StoreFact,
    Transition,
    Transport,
    Verdict,
    decide,
    outcome_of,
)

GOLDEN = Path(__file__).parent / "golden"
STORES = (
    StoreFact("postgres", "embedded", "PostgreSQL 18.6"),
    StoreFact("redis", "embedded", "Valkey 9.1.2"),
    StoreFact("kafka", "docker", "Apache Kafka 4.3.0"),
)
VERSIONS = {"servanda": "0.1.0", "commit": "4f2a9c1d77e0", "base": "0.1.0"}


def result(
    parties: str, transport: Transport, interaction: str, outcome: Outcome, *reasons: Reason, line: int = 12
) -> InteractionResult:
    consumer, provider = parties.split("-to-")
    evidence = Location(f"contracts/pacts/{consumer}-{provider}.json", line)
    return InteractionResult(consumer, provider, transport, interaction, outcome, evidence, reasons, 0.125)


HELD = (
    result("web-app-to-gateway", Transport.HTTP, "a request for a user", Outcome.HELD),
    result("web-app-to-gateway", Transport.HTTP, "a request for an unknown user", Outcome.HELD, line=40),
    result("gateway-to-identity", Transport.GRPC, "a call of GetUser", Outcome.HELD),
    result("audit-to-identity", Transport.KAFKA, "a user was created", Outcome.HELD),
)
BROKEN = (
    result(
        "web-app-to-gateway",
        Transport.HTTP,
        "a request for a user",
        Outcome.BROKEN,
        Reason(
            ReasonKind.MISMATCH,
            "the field 'email' | is missing",
            "$.user['email']",
            '"ada@example.org"',
            None,
            Location(".servanda/gate/logs/gateway.log", 7),
        ),
        Reason(ReasonKind.MISMATCH, "the status differs", "status", "200", "404"),
    ),
    HELD[1],
    HELD[2],
    result(
        "audit-to-identity",
        Transport.KAFKA,
        "a user was created",
        Outcome.UNKNOWN,
        Reason(ReasonKind.STATE_MISSING, "no handler is configured for the state 'a user was created'"),
    ),
)
RENAMED = Finding(
    "FIELD_SAME_NAME",
    "BREAKING",
    Severity.ERROR,
    Span("proto/plt/identity/v1/identity.proto", 88, 10, 88, 19),
    "plt.identity.v1.Profile.full_name",
    'Field "1" on message "Profile" changed name from "display_name" to "full_name".',
    "4c28d00ad55a91c0",
)

READ = Evidence(
    "pact", "contracts/pacts/web-app-gateway.json", "a person", "test_web_app.py::test", "4f2a", "2026-11-01"
)
HITS = (
    ConsumerImpact(Consumer("web-app", "team-web"), Impact.BROKEN, (READ,)),
    ConsumerImpact(Consumer("audit"), Impact.UNKNOWN),
)


USES = InterfaceUse(
    "plt.identity.v1",
    ("audit", "web-app"),
    (
        ElementUse("plt.identity.v1.User.email", {"audit": ("read kafka",), "web-app": ("read http", "write http")}),
        ElementUse("plt.identity.v1.User.etag", {"web-app": ("may read http",)}, ("audit",)),
        ElementUse("plt.identity.v1.User.labels", {}, unused=True),
    ),
)


def verdict_of(*stages: StageResult, uses: tuple[InterfaceUse, ...] = ()) -> Verdict:
    return decide(stages, STORES, VERSIONS, started=1795939200000, uses=uses)


VERDICTS: Mapping[str, Verdict] = {
    "yes": verdict_of(
        StageResult("interfaces", Outcome.HELD, 0.31),
        StageResult("consumers", Outcome.HELD, 4.2),
        StageResult("providers", Outcome.HELD, 9.34, results=HELD),
        StageResult("end-to-end", Outcome.HELD, 6.0),
        uses=(USES,),
    ),
    "no": verdict_of(
        StageResult("interfaces", Outcome.HELD, 0.31),
        StageResult("consumers", Outcome.HELD, 4.2),
        StageResult("providers", Outcome.BROKEN, 9.34, results=BROKEN),
        StageResult("end-to-end", Outcome.SKIPPED),
    ),
    "hit": decide(
        (
            StageResult(
                "interfaces",
                Outcome.BROKEN,
                0.31,
                findings=(replace(RENAMED, consumers=HITS),),
                comparison=InterfaceComparison("proto", "0.1.0", Bump.MAJOR),
            ),
            StageResult("consumers", Outcome.SKIPPED),
        ),
        versions=VERSIONS,
    ),
    "unknown": decide(
        (
            StageResult("interfaces", Outcome.HELD, 0.31),
            StageResult("consumers", Outcome.HELD, 4.2),
            StageResult(
                "providers",
                Outcome.UNKNOWN,
                2.0,
                reasons=(Reason(ReasonKind.COULD_NOT_RUN, "no Java was found\nhint: install servanda[embedded]"),),
            ),
            StageResult("end-to-end", Outcome.SKIPPED),
        ),
        versions=VERSIONS,
    ),
}


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
    "The waiver of FIELD_NO_DELETE shop.v1.Order.card expired on 2026-01-01: "
    "fix the breaking change, or ask team-shop.",
    "WAIVER_EXPIRED:FIELD_NO_DELETE:shop.v1.Order.card",
    steps=Steps(mend="Fix the breaking change, or agree on a later date with the owner of the waiver and enter it."),
)


def checked(
    input_: str,
    base: str,
    findings: tuple[Finding, ...] = (),
    bump: Bump = Bump.NONE,
    deploy_order: DeployOrder = DeployOrder.ANY,
) -> Verdict:
    """Make the verdict of a check."""
    comparison = InterfaceComparison(input_, base, bump, deploy_order)
    return decide([StageResult("interfaces", outcome_of(findings), findings=findings, comparison=comparison)])


CHECKS: Mapping[str, Verdict] = {
    "nothing": checked("proto", "contracts/releases/1.0.0.binpb"),
    "first": checked("proto", ""),
    "two-fields": checked("proto", "1.0.0", (USED, UNUSED), Bump.MAJOR, DeployOrder.CONSUMERS_FIRST),
    "policy": checked(
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
    "odd": checked(
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


ALL = {**VERDICTS, **CHECKS}


@pytest.fixture(params=ALL)
def name(request: pytest.FixtureRequest) -> str:
    """Of one of the verdicts."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def verdict(name: str) -> Verdict:
    return ALL[name]


@pytest.fixture(params=CHECKS)
def check(request: pytest.FixtureRequest) -> Verdict:
    """The verdict of one of the checks."""
    return CHECKS[request.param]


@pytest.fixture
def two_fields() -> Verdict:
    """A change that removes one field that somebody uses and another that nobody uses."""
    return CHECKS["two-fields"]


@pytest.fixture
def odd() -> Verdict:
    """A check whose texts would upset a careless format."""
    return CHECKS["odd"]


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    """Name of one of the formats."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a file in ``golden/``; ``UPDATE_GOLDEN=1`` writes the file anew, for review."""

    def compare(file: str, actual: str) -> None:
        path = GOLDEN / file
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(actual, encoding="utf-8", newline="\n")
        assert actual == path.read_text(encoding="utf-8")

    return compare
